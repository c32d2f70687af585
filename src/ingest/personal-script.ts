import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { limits } from '../core/limits.ts';
import type { ScriptFile, ScriptFiles } from './script-files.ts';

const compress = promisify(gzip);

/**
 * Runs before analytics.js. The library finds the server it came from only when that is https (spec
 * tracking-api §2.6), so over http it would fetch its settings and chunks from Segment. This tells it
 * from the script's own address, unless the page has set `_cdn` itself.
 */
const prelude = `(function(){
var s=document.currentScript,m=s&&/^(https?:\\/\\/.+?)\\/analytics\\.js\\/v1\\//.exec(s.src);
var k=document.querySelector("script[data-global-segment-analytics-key]");
var n=k&&k.getAttribute("data-global-segment-analytics-key")||"analytics";
if(m){var a=window[n]=window[n]||[];a._cdn=a._cdn||m[1]}
})();
`;
const placeholder = '"__WRITE_KEY__"';

/** analytics.js with the write key of its page; the last few keys' scripts are kept, compressed too. */
export class PersonalScripts {
  readonly #files: ScriptFiles;
  readonly #made = new Map<string, Promise<ScriptFile | undefined>>();

  constructor(files: ScriptFiles) {
    this.#files = files;
  }

  /** `writeKey` is one a source has. */
  script(writeKey: string): Promise<ScriptFile | undefined> {
    const known = this.#made.get(writeKey) ?? this.#make(writeKey);
    if (this.#made.size >= limits.scriptCache) this.#made.clear();
    this.#made.set(writeKey, known);
    return known;
  }

  async #make(writeKey: string): Promise<ScriptFile | undefined> {
    const original = await this.#files.file('standalone.js');
    if (original === undefined) return undefined;
    // No `</script>` can come of it either: the key stands in a file of its own.
    const text = original.plain.toString().replace(placeholder, () => JSON.stringify(writeKey));
    const plain = Buffer.from(prelude + text);
    return { plain, gzipped: await compress(plain) };
  }
}
