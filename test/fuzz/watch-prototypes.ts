/**
 * Loaded into each process of a server under test (`NODE_OPTIONS=--import=…`): says on stderr when a
 * prototype that all objects share has got or lost a property.
 */
const watched = { Object, Array, String, Function, Number, Promise, Map, RegExp };

function keys(): string {
  return Object.entries(watched)
    .flatMap(([name, { prototype }]) =>
      Reflect.ownKeys(prototype).map((key) => `${name}.${String(key)}`),
    )
    .sort()
    .join(' ');
}

const before = keys();
let isTold = false;

function look(): void {
  if (isTold || keys() === before) return;
  isTold = true;
  const known = new Set(before.split(' '));
  const news = keys()
    .split(' ')
    .filter((key) => !known.has(key));
  process.stderr.write(`POLLUTED ${process.title}: ${news.join(' ')}\n`);
}

setInterval(look, 50).unref();
process.on('exit', look);
