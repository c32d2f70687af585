import type { ActionsDestination } from '../../core/actions-destination.ts';

/** A kind as those of Segment's library: its actions are read when they are asked for. */
export const actionsKind: ActionsDestination = {
  id: '5f0000000000000000000003',
  slug: 'actions-kind',
  name: 'Actions Kind',
  description: 'For tests. It needs a partner.',
  obstacle: 'It needs a partner.',
  website: '',
  categories: [],
  supports: ['track'],
  options: [
    { name: 'key', label: 'Key', description: '', type: 'password', required: true },
    { name: 'region', label: 'Region', description: '', type: 'string', required: false },
  ],
  readActions: () => ({
    actions: [
      {
        id: 'a1',
        slug: 'sendEvent',
        name: 'Send event',
        description: 'Sends it.',
        platform: 'CLOUD',
        hidden: false,
        defaultTrigger: 'type = "track"',
        fields: [
          {
            id: 'f1',
            sortOrder: 0,
            fieldKey: 'name',
            label: 'Name',
            type: 'STRING',
            description: '',
            defaultValue: { '@path': '$.event' },
            required: true,
            multiple: false,
            dynamic: false,
            allowNull: false,
          },
        ],
      },
    ],
    presets: [
      {
        actionId: 'a1',
        name: 'All',
        fields: { name: { '@path': '$.event' } },
        trigger: 'type = "track"',
      },
    ],
  }),
};
