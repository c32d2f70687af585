import type { DeviceDestination } from '../../core/device-mode.ts';

/** What the kind begins with. */
export const preset = {
  ...{ name: 'All', enabled: true, partnerAction: 'track', subscribe: 'type = "track"' },
  mapping: { name: { '@path': '$.event' } },
};

/** A kind with a required setting and two actions. */
export const inBrowser: DeviceDestination = {
  id: '5f0000000000000000000002',
  slug: 'in-browser',
  name: 'In Browser',
  description: 'For tests.',
  website: '',
  categories: [],
  supports: ['track'],
  options: [
    { name: 'appId', label: 'App', description: '', type: 'string', required: true },
    {
      name: 'on',
      label: 'On',
      description: '',
      type: 'boolean',
      required: false,
      defaultValue: true,
    },
  ],
  bundle: { path: 'in-browser/1a.js', libraryName: 'in-browserDestination', integrity: 'sha384-x' },
  chunks: [{ path: '1/2b.js', integrity: 'sha384-y' }],
  actions: ['track', 'identify'].map((slug) => ({
    ...{ slug, title: slug, description: '', hidden: false, defaultSubscription: 'type = "track"' },
    fields: { name: { label: 'Name', type: 'string', required: true, default: 'x' } },
  })),
  presets: [preset],
};
