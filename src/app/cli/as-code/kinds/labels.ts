import type { Kind } from '../kind.ts';
import { objects, pick, textAt } from '../session.ts';

export const labels: Kind = {
  name: 'labels',
  title: 'label',
  key: (item) => `${textAt(item, 'key')}:${textAt(item, 'value')}`,
  fixed: [],
  onlyAtFirst: ['description'],
  removedLast: true,
  read: async ({ client }) => {
    const { labels } = await client.call('GET', '/labels');
    return objects(labels).map((label) => ({
      id: `${textAt(label, 'key')}:${textAt(label, 'value')}`,
      item: pick(label, 'key', 'value', 'description'),
    }));
  },
  make: async ({ client }, item) => {
    await client.call('POST', '/labels', { label: item });
    return labels.key(item);
  },
  change: async () => {},
  remove: async ({ client }, { item }) => {
    const [key, value] = [textAt(item, 'key'), textAt(item, 'value')].map(encodeURIComponent);
    await client.call('DELETE', `/labels/${key}/${value}`);
  },
};
