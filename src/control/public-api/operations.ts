import { absentOperations } from './absent-operations.ts';
import { createAlert } from './alerts/create-alert.ts';
import { deleteAlert } from './alerts/delete-alert.ts';
import { getAlert } from './alerts/get-alert.ts';
import { listAlerts } from './alerts/list-alerts.ts';
import { updateAlert } from './alerts/update-alert.ts';
import { getDailyPerSourceAPICallsUsage } from './api-calls/get-daily-per-source-api-calls-usage.ts';
import { getDailyWorkspaceAPICallsUsage } from './api-calls/get-daily-workspace-api-calls-usage.ts';
import { addAudienceScheduleToAudience } from './audiences/add-audience-schedule-to-audience.ts';
import { createAudience } from './audiences/create-audience.ts';
import { getAudience } from './audiences/get-audience.ts';
import { getAudienceScheduleFromSpaceAndAudience } from './audiences/get-audience-schedule-from-space-and-audience.ts';
import { listAudienceSchedulesFromSpaceAndAudience } from './audiences/list-audience-schedules-from-space-and-audience.ts';
import { listAudiences } from './audiences/list-audiences.ts';
import { removeAudienceFromSpace } from './audiences/remove-audience-from-space.ts';
import { removeAudienceScheduleFromAudience } from './audiences/remove-audience-schedule-from-audience.ts';
import { updateAudienceForSpace } from './audiences/update-audience-for-space.ts';
import { updateAudienceScheduleForAudience } from './audiences/update-audience-schedule-for-audience.ts';
import { listAuditEvents } from './audit/list-audit-events.ts';
import { getDestinationMetadata } from './catalog/get-destination-metadata.ts';
import { getDestinationsCatalog } from './catalog/get-destinations-catalog.ts';
import { getSourceMetadata } from './catalog/get-source-metadata.ts';
import { getSourcesCatalog } from './catalog/get-sources-catalog.ts';
import { getWarehouseMetadata } from './catalog/get-warehouse-metadata.ts';
import { getWarehousesCatalog } from './catalog/get-warehouses-catalog.ts';
import { createComputedTrait } from './computed-traits/create-computed-trait.ts';
import { getComputedTrait } from './computed-traits/get-computed-trait.ts';
import { listComputedTraits } from './computed-traits/list-computed-traits.ts';
import { removeComputedTraitFromSpace } from './computed-traits/remove-computed-trait-from-space.ts';
import { updateComputedTraitForSpace } from './computed-traits/update-computed-trait-for-space.ts';
import { getEgressFailedMetricsFromDeliveryOverview } from './delivery-overview/get-failed-delivery-metrics.ts';
import { getIngressFailedMetricsFromDeliveryOverview } from './delivery-overview/get-failed-on-ingest-metrics.ts';
import { getFilteredAtDestinationMetricsFromDeliveryOverview } from './delivery-overview/get-filtered-at-destination-metrics.ts';
import { getFilteredAtSourceMetricsFromDeliveryOverview } from './delivery-overview/get-filtered-at-source-metrics.ts';
import { getEgressSuccessMetricsFromDeliveryOverview } from './delivery-overview/get-successful-delivery-metrics.ts';
import { getIngressSuccessMetricsFromDeliveryOverview } from './delivery-overview/get-successfully-received-metrics.ts';
import { createDestination } from './destinations/create-destination.ts';
import { deleteDestination } from './destinations/delete-destination.ts';
import { getConnectionStateFromDestination } from './destinations/get-connection-state-from-destination.ts';
import { getDestination } from './destinations/get-destination.ts';
import { getDestinationPolicy } from './destinations/get-destination-policy.ts';
import { getDeviceMode } from './destinations/get-device-mode.ts';
import { listDeliveryFailures } from './destinations/list-delivery-failures.ts';
import { listDeliveryMetricsSummaryFromDestination } from './destinations/list-delivery-metrics-summary-from-destination.ts';
import { listDestinations } from './destinations/list-destinations.ts';
import { updateDestination } from './destinations/update-destination.ts';
import { updateDestinationPolicy } from './destinations/update-destination-policy.ts';
import { updateDeviceMode } from './destinations/update-device-mode.ts';
import { exportDiscards } from './discards/export-discards.ts';
import { listDiscards } from './discards/list-discards.ts';
import { resendDiscards } from './discards/resend-discards.ts';
import { echo } from './echo/echo.ts';
import { getEventsVolumeFromWorkspace } from './events/get-events-volume-from-workspace.ts';
import type { Operation } from './frame/operation.ts';
import { addPermissionsToUserGroup } from './groups/add-permissions-to-user-group.ts';
import { addUsersToUserGroup } from './groups/add-users-to-user-group.ts';
import { createUserGroup } from './groups/create-user-group.ts';
import { deleteUserGroup } from './groups/delete-user-group.ts';
import { getUserGroup } from './groups/get-user-group.ts';
import { listInvitesFromUserGroup } from './groups/list-invites-from-user-group.ts';
import { listUserGroups } from './groups/list-user-groups.ts';
import { listUsersFromUserGroup } from './groups/list-users-from-user-group.ts';
import { removeUsersFromUserGroup } from './groups/remove-users-from-user-group.ts';
import { replacePermissionsForUserGroup } from './groups/replace-permissions-for-user-group.ts';
import { replaceUsersInUserGroup } from './groups/replace-users-in-user-group.ts';
import { updateUserGroup } from './groups/update-user-group.ts';
import { createInvites } from './invites/create-invites.ts';
import { deleteInvites } from './invites/delete-invites.ts';
import { listInvites } from './invites/list-invites.ts';
import { createLabel } from './labels/create-label.ts';
import { deleteLabel } from './labels/delete-label.ts';
import { listLabels } from './labels/list-labels.ts';
import { getDailyPerSourceMTUUsage } from './monthly-tracked-users/get-daily-per-source-mtu-usage.ts';
import { getDailyWorkspaceMTUUsage } from './monthly-tracked-users/get-daily-workspace-mtu-usage.ts';
import { addOAuthKey } from './oauth/add-oauth-key.ts';
import { connectOAuthSource } from './oauth/connect-oauth-source.ts';
import { createOAuthApp } from './oauth/create-oauth-app.ts';
import { deleteOAuthApp } from './oauth/delete-oauth-app.ts';
import { disconnectOAuthSource } from './oauth/disconnect-oauth-source.ts';
import { getOAuthApp } from './oauth/get-oauth-app.ts';
import { getSourceOAuth } from './oauth/get-source-oauth.ts';
import { listOAuthApps } from './oauth/list-oauth-apps.ts';
import { removeOAuthKey } from './oauth/remove-oauth-key.ts';
import { revokeOAuthToken } from './oauth/revoke-oauth-token.ts';
import { revokeOAuthTokens } from './oauth/revoke-oauth-tokens.ts';
import { updateOAuthApp } from './oauth/update-oauth-app.ts';
import { updateSourceOAuth } from './oauth/update-source-oauth.ts';
import { createProfilesWarehouse } from './profiles-sync/create-profiles-warehouse.ts';
import { listProfilesWarehouseInSpace } from './profiles-sync/list-profiles-warehouse-in-space.ts';
import { listSelectiveSyncsFromWarehouseAndSpace } from './profiles-sync/list-selective-syncs-from-warehouse-and-space.ts';
import { removeProfilesWarehouseFromSpace } from './profiles-sync/remove-profiles-warehouse-from-space.ts';
import { updateProfilesWarehouseForSpaceWarehouse } from './profiles-sync/update-profiles-warehouse-for-space-warehouse.ts';
import { updateSelectiveSyncForWarehouseAndSpace } from './profiles-sync/update-selective-sync-for-warehouse-and-space.ts';
import { createCloudSourceRegulation } from './regulations/create-cloud-source-regulation.ts';
import { createSourceRegulation } from './regulations/create-source-regulation.ts';
import { createWorkspaceRegulation } from './regulations/create-workspace-regulation.ts';
import { getRegulation } from './regulations/get-regulation.ts';
import { listRegulationsFromSource } from './regulations/list-regulations-from-source.ts';
import { listSuppressions } from './regulations/list-suppressions.ts';
import { listWorkspaceRegulations } from './regulations/list-workspace-regulations.ts';
import { cancelReplay } from './replays/cancel-replay.ts';
import { createReplay } from './replays/create-replay.ts';
import { getReplay } from './replays/get-replay.ts';
import { listReplays } from './replays/list-replays.ts';
import { cancelReverseETLSyncForModel } from './reverse-etl/cancel-reverse-etl-sync-for-model.ts';
import { createReverseETLManualSync } from './reverse-etl/create-reverse-etl-manual-sync.ts';
import { createReverseEtlModel } from './reverse-etl/create-reverse-etl-model.ts';
import { deleteReverseEtlModel } from './reverse-etl/delete-reverse-etl-model.ts';
import { getReverseEtlModel } from './reverse-etl/get-reverse-etl-model.ts';
import { getReverseETLSyncStatus } from './reverse-etl/get-reverse-etl-sync-status.ts';
import { listReverseEtlModels } from './reverse-etl/list-reverse-etl-models.ts';
import { listReverseETLSyncStatusesFromModelAndSubscriptionId } from './reverse-etl/list-reverse-etl-sync-statuses.ts';
import { updateReverseEtlModel } from './reverse-etl/update-reverse-etl-model.ts';
import { listRoles } from './roles/list-roles.ts';
import { getAdvancedSyncScheduleFromWarehouse } from './selective-sync/get-advanced-sync-schedule-from-warehouse.ts';
import { listSelectiveSyncsFromWarehouseAndSource } from './selective-sync/list-selective-syncs-from-warehouse-and-source.ts';
import { listSyncsFromWarehouse } from './selective-sync/list-syncs-from-warehouse.ts';
import { listSyncsFromWarehouseAndSource } from './selective-sync/list-syncs-from-warehouse-and-source.ts';
import { replaceAdvancedSyncScheduleForWarehouse } from './selective-sync/replace-advanced-sync-schedule-for-warehouse.ts';
import { updateSelectiveSyncForWarehouse } from './selective-sync/update-selective-sync-for-warehouse.ts';
import { shapingOperations } from './shaping-operations.ts';
import { addLabelsToSource } from './sources/add-labels-to-source.ts';
import { createSource } from './sources/create-source.ts';
import { createWriteKey } from './sources/create-write-key.ts';
import { createWriteKeyForSource } from './sources/create-write-key-for-source.ts';
import { deleteSource } from './sources/delete-source.ts';
import { getClientSettings } from './sources/get-client-settings.ts';
import { getSource } from './sources/get-source.ts';
import { getSourceLimits } from './sources/get-source-limits.ts';
import { getSourcePolicy } from './sources/get-source-policy.ts';
import { getSourceRegion } from './sources/get-source-region.ts';
import { listConnectedDestinationsFromSource } from './sources/list-connected-destinations-from-source.ts';
import { listConnectedWarehousesFromSource } from './sources/list-connected-warehouses-from-source.ts';
import { listSchemaSettingsInSource } from './sources/list-schema-settings-in-source.ts';
import { listSources } from './sources/list-sources.ts';
import { listViolations } from './sources/list-violations.ts';
import { listWriteKeys } from './sources/list-write-keys.ts';
import { removeWriteKeyFromSource } from './sources/remove-write-key-from-source.ts';
import { replaceLabelsInSource } from './sources/replace-labels-in-source.ts';
import { tailSource } from './sources/tail-source.ts';
import { updateClientSettings } from './sources/update-client-settings.ts';
import { updateSchemaSettingsInSource } from './sources/update-schema-settings-in-source.ts';
import { updateSource } from './sources/update-source.ts';
import { updateSourceLimits } from './sources/update-source-limits.ts';
import { updateSourcePolicy } from './sources/update-source-policy.ts';
import { updateSourceRegion } from './sources/update-source-region.ts';
import { updateWriteKey } from './sources/update-write-key.ts';
import { createFilterForSpace } from './space-filters/create-filter-for-space.ts';
import { deleteFilterById } from './space-filters/delete-filter-by-id.ts';
import { getFilterById } from './space-filters/get-filter-by-id.ts';
import { listFiltersForSpace } from './space-filters/list-filters-for-space.ts';
import { updateFilterById } from './space-filters/update-filter-by-id.ts';
import { getSpace } from './spaces/get-space.ts';
import { listSpaces } from './spaces/list-spaces.ts';
import { createDestinationSubscription } from './subscriptions/create-destination-subscription.ts';
import { getSubscriptionFromDestination } from './subscriptions/get-subscription-from-destination.ts';
import { listFieldChoicesFromSubscription } from './subscriptions/list-field-choices-from-subscription.ts';
import { listSubscriptionsFromDestination } from './subscriptions/list-subscriptions-from-destination.ts';
import { removeSubscriptionFromDestination } from './subscriptions/remove-subscription-from-destination.ts';
import { updateSubscriptionForDestination } from './subscriptions/update-subscription-for-destination.ts';
import { createToken } from './tokens/create-token.ts';
import { listTokens } from './tokens/list-tokens.ts';
import { revokeToken } from './tokens/revoke-token.ts';
import { addPermissionsToUser } from './users/add-permissions-to-user.ts';
import { createUser } from './users/create-user.ts';
import { deleteUsers } from './users/delete-users.ts';
import { getUser } from './users/get-user.ts';
import { listUserGroupsFromUser } from './users/list-user-groups-from-user.ts';
import { listUsers } from './users/list-users.ts';
import { replacePermissionsForUser } from './users/replace-permissions-for-user.ts';
import { vendorOperations } from './vendor-operations.ts';
import { addConnectionFromSourceToWarehouse } from './warehouses/add-connection-from-source-to-warehouse.ts';
import { createValidationInWarehouse } from './warehouses/create-validation-in-warehouse.ts';
import { createWarehouse } from './warehouses/create-warehouse.ts';
import { createWarehouseSync } from './warehouses/create-warehouse-sync.ts';
import { deleteWarehouse } from './warehouses/delete-warehouse.ts';
import { getConnectionStateFromWarehouse } from './warehouses/get-connection-state-from-warehouse.ts';
import { getSyncScheduleFromWarehouse } from './warehouses/get-sync-schedule-from-warehouse.ts';
import { getWarehouse } from './warehouses/get-warehouse.ts';
import { getWarehouseSync } from './warehouses/get-warehouse-sync.ts';
import { listConnectedSourcesFromWarehouse } from './warehouses/list-connected-sources-from-warehouse.ts';
import { listWarehouses } from './warehouses/list-warehouses.ts';
import { queryWarehouse } from './warehouses/query-warehouse.ts';
import { removeSourceConnectionFromWarehouse } from './warehouses/remove-source-connection-from-warehouse.ts';
import { replaceSyncScheduleForWarehouse } from './warehouses/replace-sync-schedule-for-warehouse.ts';
import { testWarehouse } from './warehouses/test-warehouse.ts';
import { updateWarehouse } from './warehouses/update-warehouse.ts';
import { getWorkspace } from './workspaces/get-workspace.ts';

/** Every operation of the API: what is not in this list is not served. */
export const operations: readonly Operation[] = [
  getWorkspace,
  echo,
  listSources,
  createSource,
  getSource,
  updateSource,
  deleteSource,
  createWriteKeyForSource,
  removeWriteKeyFromSource,
  addLabelsToSource,
  replaceLabelsInSource,
  listSchemaSettingsInSource,
  updateSchemaSettingsInSource,
  listConnectedDestinationsFromSource,
  listDestinations,
  createDestination,
  getDestination,
  updateDestination,
  deleteDestination,
  listSubscriptionsFromDestination,
  createDestinationSubscription,
  getSubscriptionFromDestination,
  updateSubscriptionForDestination,
  removeSubscriptionFromDestination,
  listFieldChoicesFromSubscription,
  getConnectionStateFromDestination,
  getSourcesCatalog,
  getSourceMetadata,
  getDestinationsCatalog,
  getDestinationMetadata,
  tailSource,
  listWriteKeys,
  createWriteKey,
  updateWriteKey,
  getSourcePolicy,
  listViolations,
  updateSourcePolicy,
  getClientSettings,
  updateClientSettings,
  getSourceRegion,
  updateSourceRegion,
  getDestinationPolicy,
  listDeliveryFailures,
  updateDestinationPolicy,
  getDeviceMode,
  updateDeviceMode,
  getSourceLimits,
  updateSourceLimits,
  listOAuthApps,
  createOAuthApp,
  getOAuthApp,
  updateOAuthApp,
  deleteOAuthApp,
  addOAuthKey,
  removeOAuthKey,
  connectOAuthSource,
  disconnectOAuthSource,
  revokeOAuthTokens,
  revokeOAuthToken,
  getSourceOAuth,
  updateSourceOAuth,
  listReplays,
  createReplay,
  getReplay,
  cancelReplay,
  listAlerts,
  createAlert,
  getAlert,
  updateAlert,
  deleteAlert,
  listDiscards,
  exportDiscards,
  resendDiscards,
  listTokens,
  createToken,
  revokeToken,
  listUsers,
  createUser,
  getUser,
  deleteUsers,
  listUserGroupsFromUser,
  addPermissionsToUser,
  replacePermissionsForUser,
  listInvites,
  createInvites,
  deleteInvites,
  listUserGroups,
  createUserGroup,
  getUserGroup,
  updateUserGroup,
  deleteUserGroup,
  listUsersFromUserGroup,
  listInvitesFromUserGroup,
  addUsersToUserGroup,
  replaceUsersInUserGroup,
  removeUsersFromUserGroup,
  addPermissionsToUserGroup,
  replacePermissionsForUserGroup,
  listRoles,
  listLabels,
  createLabel,
  deleteLabel,
  listAuditEvents,
  listWorkspaceRegulations,
  createWorkspaceRegulation,
  getRegulation,
  listRegulationsFromSource,
  createSourceRegulation,
  createCloudSourceRegulation,
  listSuppressions,
  getIngressSuccessMetricsFromDeliveryOverview,
  getIngressFailedMetricsFromDeliveryOverview,
  getFilteredAtSourceMetricsFromDeliveryOverview,
  getFilteredAtDestinationMetricsFromDeliveryOverview,
  getEgressFailedMetricsFromDeliveryOverview,
  getEgressSuccessMetricsFromDeliveryOverview,
  getDailyWorkspaceMTUUsage,
  getDailyPerSourceMTUUsage,
  getDailyWorkspaceAPICallsUsage,
  getDailyPerSourceAPICallsUsage,
  listDeliveryMetricsSummaryFromDestination,
  getEventsVolumeFromWorkspace,
  getWarehouseMetadata,
  getWarehousesCatalog,
  listConnectedWarehousesFromSource,
  createWarehouse,
  getWarehouse,
  listWarehouses,
  updateWarehouse,
  deleteWarehouse,
  listConnectedSourcesFromWarehouse,
  addConnectionFromSourceToWarehouse,
  removeSourceConnectionFromWarehouse,
  getConnectionStateFromWarehouse,
  createValidationInWarehouse,
  listSelectiveSyncsFromWarehouseAndSource,
  updateSelectiveSyncForWarehouse,
  getAdvancedSyncScheduleFromWarehouse,
  replaceAdvancedSyncScheduleForWarehouse,
  listSyncsFromWarehouse,
  listSyncsFromWarehouseAndSource,
  createWarehouseSync,
  getWarehouseSync,
  testWarehouse,
  getSyncScheduleFromWarehouse,
  replaceSyncScheduleForWarehouse,
  queryWarehouse,
  listReverseEtlModels,
  createReverseEtlModel,
  getReverseEtlModel,
  updateReverseEtlModel,
  deleteReverseEtlModel,
  createReverseETLManualSync,
  getReverseETLSyncStatus,
  listReverseETLSyncStatusesFromModelAndSubscriptionId,
  cancelReverseETLSyncForModel,
  listSpaces,
  listFiltersForSpace,
  createFilterForSpace,
  getFilterById,
  updateFilterById,
  deleteFilterById,
  getSpace,
  listAudiences,
  createAudience,
  getAudience,
  updateAudienceForSpace,
  removeAudienceFromSpace,
  listAudienceSchedulesFromSpaceAndAudience,
  addAudienceScheduleToAudience,
  getAudienceScheduleFromSpaceAndAudience,
  updateAudienceScheduleForAudience,
  removeAudienceScheduleFromAudience,
  listComputedTraits,
  createComputedTrait,
  getComputedTrait,
  updateComputedTraitForSpace,
  removeComputedTraitFromSpace,
  listProfilesWarehouseInSpace,
  createProfilesWarehouse,
  updateProfilesWarehouseForSpaceWarehouse,
  removeProfilesWarehouseFromSpace,
  listSelectiveSyncsFromWarehouseAndSpace,
  updateSelectiveSyncForWarehouseAndSpace,
  ...vendorOperations,
  ...shapingOperations,
  ...absentOperations,
];
