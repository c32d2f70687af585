import { createFilterForDestination } from './filters/create-filter-for-destination.ts';
import { getFilterInDestination } from './filters/get-filter-in-destination.ts';
import { listFiltersFromDestination } from './filters/list-filters-from-destination.ts';
import { previewDestinationFilter } from './filters/preview-destination-filter.ts';
import { removeFilterFromDestination } from './filters/remove-filter-from-destination.ts';
import { updateFilterForDestination } from './filters/update-filter-for-destination.ts';
import type { Operation } from './frame/operation.ts';
import { createInsertFunctionInstance } from './function-instances/create-insert-function-instance.ts';
import { deleteInsertFunctionInstance } from './function-instances/delete-insert-function-instance.ts';
import { getInsertFunctionInstance } from './function-instances/get-insert-function-instance.ts';
import { listInsertFunctionInstances } from './function-instances/list-insert-function-instances.ts';
import { updateInsertFunctionInstance } from './function-instances/update-insert-function-instance.ts';
import { createFunction } from './functions/create-function.ts';
import { createFunctionDeployment } from './functions/create-function-deployment.ts';
import { deleteFunction } from './functions/delete-function.ts';
import { getFunction } from './functions/get-function.ts';
import { getFunctionVersion } from './functions/get-function-version.ts';
import { listFunctionInvocations } from './functions/list-function-invocations.ts';
import { listFunctionVersions } from './functions/list-function-versions.ts';
import { listFunctions } from './functions/list-functions.ts';
import { restoreFunctionVersion } from './functions/restore-function-version.ts';
import { testFunction } from './functions/test-function.ts';
import { updateFunction } from './functions/update-function.ts';
import { addSourceToTrackingPlan } from './tracking-plans/add-source-to-tracking-plan.ts';
import { createTrackingPlan } from './tracking-plans/create-tracking-plan.ts';
import { deleteTrackingPlan } from './tracking-plans/delete-tracking-plan.ts';
import { getTrackingPlan } from './tracking-plans/get-tracking-plan.ts';
import { listRulesFromTrackingPlan } from './tracking-plans/list-rules-from-tracking-plan.ts';
import { listSourcesFromTrackingPlan } from './tracking-plans/list-sources-from-tracking-plan.ts';
import { listTrackingPlans } from './tracking-plans/list-tracking-plans.ts';
import { removeRulesFromTrackingPlan } from './tracking-plans/remove-rules-from-tracking-plan.ts';
import { removeSourceFromTrackingPlan } from './tracking-plans/remove-source-from-tracking-plan.ts';
import { replaceRulesInTrackingPlan } from './tracking-plans/replace-rules-in-tracking-plan.ts';
import { updateRulesInTrackingPlan } from './tracking-plans/update-rules-in-tracking-plan.ts';
import { updateTrackingPlan } from './tracking-plans/update-tracking-plan.ts';
import { createTransformation } from './transformations/create-transformation.ts';
import { deleteTransformation } from './transformations/delete-transformation.ts';
import { getTransformation } from './transformations/get-transformation.ts';
import { listTransformations } from './transformations/list-transformations.ts';
import { updateTransformation } from './transformations/update-transformation.ts';

/** Operations on what shapes events: filters, tracking plans, transformations and functions. */
export const shapingOperations: readonly Operation[] = [
  previewDestinationFilter,
  listFiltersFromDestination,
  createFilterForDestination,
  getFilterInDestination,
  updateFilterForDestination,
  removeFilterFromDestination,
  listTrackingPlans,
  createTrackingPlan,
  getTrackingPlan,
  updateTrackingPlan,
  deleteTrackingPlan,
  listRulesFromTrackingPlan,
  replaceRulesInTrackingPlan,
  updateRulesInTrackingPlan,
  removeRulesFromTrackingPlan,
  listSourcesFromTrackingPlan,
  addSourceToTrackingPlan,
  removeSourceFromTrackingPlan,
  listTransformations,
  createTransformation,
  getTransformation,
  updateTransformation,
  deleteTransformation,
  listFunctions,
  createFunction,
  getFunction,
  updateFunction,
  deleteFunction,
  createFunctionDeployment,
  listFunctionVersions,
  restoreFunctionVersion,
  getFunctionVersion,
  testFunction,
  listFunctionInvocations,
  listInsertFunctionInstances,
  createInsertFunctionInstance,
  getInsertFunctionInstance,
  updateInsertFunctionInstance,
  deleteInsertFunctionInstance,
];
