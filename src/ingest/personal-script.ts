import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { limits } from '../core/limits.ts';
import type { ScriptFile, ScriptFiles } from './script-files.ts';

const compress = promisify(gzip);

/**
 * Runs before analytics.js. The library finds the server it came from only when that is https (spec
 * tracking-api §2.6), so over http it would fetch its settings and chunks from Segment. This tells it
 * the configured address, else that of the script itself, unless the page has set `_cdn`.
 */
const prelude = (publicUrl: string | undefined) => `(function(){
var s=document.currentScript,m=s&&/^(https?:\\/\\/.+?)\\/analytics\\.js\\/v1\\//.exec(s.src);
var k=document.querySelector("script[data-global-segment-analytics-key]");
var n=k&&k.getAttribute("data-global-segment-analytics-key")||"analytics";
var u=${publicUrl === undefined ? 'm&&m[1]' : JSON.stringify(publicUrl)};
if(u){var a=window[n]=window[n]||[];a._cdn=a._cdn||u}
})();
`;
const placeholder = '"__WRITE_KEY__"';

/** analytics.js with the write key of its page; the last few keys' scripts are kept, compressed too. */
export class PersonalScripts {
  readonly #files: ScriptFiles;
  readonly #prelude: string;
  readonly #made = new Map<string, Promise<ScriptFile | undefined>>();

  /** `publicUrl`: the configured address, without a slash at its end. */
  constructor(files: ScriptFiles, publicUrl: string | undefined) {
    this.#files = files;
    this.#prelude = prelude(publicUrl);
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
    const plain = Buffer.from(this.#prelude + text);
    return { plain, gzipped: await compress(plain) };
  }
}
