import { readLibraryDestinations } from '../../src/destinations/library/library-destinations.ts';
import { markdown } from '../reference/table.ts';
import type { Tried } from './try-examples.ts';

export const actionsPagePath = 'docs/reference/library-actions.md';

/** `docs/reference/library-actions.md`: what an example event of every preset came to. */
export async function actionsPage(tried: readonly Tried[]): Promise<string> {
  const obstacles = new Map(
    (await readLibraryDestinations()).map(({ slug, obstacle }) => [slug, obstacle]),
  );
  const byAction = Map.groupBy(tried, ({ example: { slug, action } }) => `${slug} ${action}`);
  const rows = [...byAction.values()].flatMap((presets) => {
    const [first] = presets;
    if (first === undefined) return [];
    const { slug, action } = first.example;
    const reached = presets.filter(({ requests }) => requests.length > 0);
    const outcome = reached[0] === undefined ? reasonOf(first) : requestOf(reached[0]);
    const partner =
      obstacles.get(slug) === undefined ? outcome : `${outcome} *Obstacle: see its description.*`;
    return [[`\`${slug}\``, `\`${action}\``, `${reached.length} of ${presets.length}`, partner]];
  });
  const all = tried.length;
  const reached = tried.filter(({ requests }) => requests.length > 0).length;
  const page = markdown({
    title: "Actions of Segment's library",
    about: [
      `An example event of each of the ${all} presets was delivered with a server in the place of the vendor that answers`,
      `everything with \`200 {}\`: ${reached} of them reached it. The table says for each action how many did, and what was asked first,`,
      'or why nothing was sent. The settings and the mapping had an example value in each required field.',
    ],
    head: ['Destination', 'Action', 'Presets', 'First request, or why there is none'],
    rows,
  });
  const made =
    '<!-- Made by `bin/run --dev test/vendored/refresh-library-actions.ts`; a test compares. -->';
  return page.replace(/<!-- .* -->/, made);
}

function requestOf({ requests: [request] }: Tried): string {
  return request === undefined ? '' : `\`${request.method} ${request.host}\``;
}

/** Without what differs from run to run, and without the name of the preset. */
function reasonOf({ example: { name }, reason }: Tried): string {
  const text = reason.startsWith(`${name}: `) ? reason.slice(name.length + 2) : reason;
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}
