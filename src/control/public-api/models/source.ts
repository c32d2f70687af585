import { Type } from '../../schemas/type.ts';
import { FreeObject } from '../frame/schema.ts';
import { CatalogStatus, IntegrationOption, Logos } from './catalog.ts';
import { Label } from './label.ts';

export const SourceMetadata = Type.Object({
  id: Type.String(),
  name: Type.String(),
  slug: Type.String(),
  description: Type.String(),
  logos: Logos,
  options: Type.Array(IntegrationOption),
  categories: Type.Array(Type.String()),
  isCloudEventSource: Type.Boolean(),
  status: CatalogStatus,
});

export const Source = Type.Object({
  id: Type.String(),
  slug: Type.String(),
  name: Type.Optional(Type.String()),
  metadata: SourceMetadata,
  workspaceId: Type.String(),
  enabled: Type.Boolean(),
  /** Empty for a token that may only read (spec public-api §6). */
  writeKeys: Type.Array(Type.String()),
  settings: Type.Optional(FreeObject),
  labels: Type.Array(Label),
});
