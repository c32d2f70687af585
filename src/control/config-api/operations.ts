import { absentOperations } from './absent-operations.ts';
import { createAccessToken } from './access-tokens/create-access-token.ts';
import { deleteAccessToken } from './access-tokens/delete-access-token.ts';
import { getAccessToken } from './access-tokens/get-access-token.ts';
import { listAccessTokens } from './access-tokens/list-access-tokens.ts';
import { updateAccessToken } from './access-tokens/update-access-token.ts';
import { getCatalogDestination } from './catalog/get-catalog-destination.ts';
import { getCatalogSource } from './catalog/get-catalog-source.ts';
import { listCatalogDestinations } from './catalog/list-catalog-destinations.ts';
import { listCatalogSources } from './catalog/list-catalog-sources.ts';
import { createDestination } from './destinations/create-destination.ts';
import { deleteDestination } from './destinations/delete-destination.ts';
import { getDestination } from './destinations/get-destination.ts';
import { listDestinations } from './destinations/list-destinations.ts';
import { updateDestination } from './destinations/update-destination.ts';
import { createFilter } from './filters/create-filter.ts';
import { deleteFilter } from './filters/delete-filter.ts';
import { getFilter } from './filters/get-filter.ts';
import { listFilters } from './filters/list-filters.ts';
import { previewFilter } from './filters/preview-filter.ts';
import { updateFilter } from './filters/update-filter.ts';
import type { ConfigOperation } from './frame/config-operation.ts';
import { createFunction } from './functions/create-function.ts';
import { deleteFunction } from './functions/delete-function.ts';
import { getFunction } from './functions/get-function.ts';
import { listFunctions } from './functions/list-functions.ts';
import { updateFunction } from './functions/update-function.ts';
import { createInvite } from './iam/create-invite.ts';
import { createPolicy } from './iam/create-policy.ts';
import { deleteInvite } from './iam/delete-invite.ts';
import { deletePolicy } from './iam/delete-policy.ts';
import { listInvites } from './iam/list-invites.ts';
import { listPolicies } from './iam/list-policies.ts';
import { listRoles } from './iam/list-roles.ts';
import { listUsers } from './iam/list-users.ts';
import { batchGetMetrics } from './metrics/batch-get-metrics.ts';
import { batchGetMetricsSummary } from './metrics/batch-get-metrics-summary.ts';
import { getMetric } from './metrics/get-metric.ts';
import { getMetricsSummary } from './metrics/get-metrics-summary.ts';
import { listMetrics } from './metrics/list-metrics.ts';
import { createRegulation } from './regulations/create-regulation.ts';
import { createSourceRegulation } from './regulations/create-source-regulation.ts';
import { deleteRegulation } from './regulations/delete-regulation.ts';
import { deleteSourceRegulation } from './regulations/delete-source-regulation.ts';
import { getRegulation } from './regulations/get-regulation.ts';
import { getSourceRegulation } from './regulations/get-source-regulation.ts';
import { listRegulations } from './regulations/list-regulations.ts';
import { listSourceRegulations } from './regulations/list-source-regulations.ts';
import { listSuppressedUsers } from './regulations/list-suppressed-users.ts';
import { createSource } from './sources/create-source.ts';
import { deleteSource } from './sources/delete-source.ts';
import { getSchemaConfig } from './sources/get-schema-config.ts';
import { getSource } from './sources/get-source.ts';
import { listSources } from './sources/list-sources.ts';
import { updateSchemaConfig } from './sources/update-schema-config.ts';
import { updateSource } from './sources/update-source.ts';
import { batchCreateConnections } from './tracking-plans/batch-create-connections.ts';
import { createSourceConnection } from './tracking-plans/create-source-connection.ts';
import { createTrackingPlan } from './tracking-plans/create-tracking-plan.ts';
import { deleteSourceConnection } from './tracking-plans/delete-source-connection.ts';
import { deleteTrackingPlan } from './tracking-plans/delete-tracking-plan.ts';
import { getTrackingPlan } from './tracking-plans/get-tracking-plan.ts';
import { listSourceConnections } from './tracking-plans/list-source-connections.ts';
import { listTrackingPlans } from './tracking-plans/list-tracking-plans.ts';
import { patchTrackingPlan, updateTrackingPlan } from './tracking-plans/update-tracking-plan.ts';
import { getWorkspace } from './workspaces/get-workspace.ts';
import { listWorkspaces } from './workspaces/list-workspaces.ts';

/** Every operation of the Config API: what is not in this list is not served. */
export const configOperations: readonly ConfigOperation[] = [
  listWorkspaces,
  getWorkspace,
  listCatalogSources,
  getCatalogSource,
  listCatalogDestinations,
  getCatalogDestination,
  listSources,
  createSource,
  getSource,
  updateSource,
  deleteSource,
  getSchemaConfig,
  updateSchemaConfig,
  listDestinations,
  createDestination,
  getDestination,
  updateDestination,
  deleteDestination,
  listFilters,
  createFilter,
  getFilter,
  updateFilter,
  deleteFilter,
  previewFilter,
  listMetrics,
  getMetric,
  batchGetMetrics,
  getMetricsSummary,
  batchGetMetricsSummary,
  listTrackingPlans,
  createTrackingPlan,
  getTrackingPlan,
  updateTrackingPlan,
  patchTrackingPlan,
  deleteTrackingPlan,
  listSourceConnections,
  createSourceConnection,
  batchCreateConnections,
  deleteSourceConnection,
  listAccessTokens,
  createAccessToken,
  getAccessToken,
  updateAccessToken,
  deleteAccessToken,
  listFunctions,
  createFunction,
  getFunction,
  updateFunction,
  deleteFunction,
  listRoles,
  listPolicies,
  createPolicy,
  deletePolicy,
  listInvites,
  createInvite,
  deleteInvite,
  listUsers,
  listRegulations,
  createRegulation,
  getRegulation,
  deleteRegulation,
  listSourceRegulations,
  createSourceRegulation,
  getSourceRegulation,
  deleteSourceRegulation,
  listSuppressedUsers,
  ...absentOperations,
];
