import { testCode } from './arrows.ts';
import { place, type Source } from './source.ts';

interface Ban {
  /** Looked for in code without comments and quotes, unless `in` says otherwise. */
  readonly pattern: RegExp;
  readonly in?: 'code' | 'comments';
  /** Files the rule is about. Default: all of `src`, tests included. */
  readonly files?: RegExp;
  /** What may hold it all the same, each with its reason in a comment. */
  readonly except?: readonly RegExp[];
  readonly instead: string;
}

const everywhere = /./;

const bans: readonly Ban[] = [
  {
    pattern: /\bprocess\.env\b/,
    except: [/^src\/app\/config\//],
    instead: 'a key of the configuration (src/app/config)',
  },
  {
    pattern: /\b(Date\.now|performance\.now|new Date\(\)|set(Timeout|Interval)\b)/,
    // The guest is sent into isolates, which have no Clock of ours.
    except: [/^src\/core\/clock\.ts$/, /^src\/functions\/guest\//, testCode],
    instead: 'the Clock of core/clock.ts, given by the caller',
  },
  {
    pattern: /timers\/promises/,
    in: 'code',
    instead: 'the Clock of core/clock.ts, given by the caller',
  },
  {
    pattern: /\bMath\.random\b/,
    except: [/^src\/app\/compose\//], // from where it is given
    instead: 'a random function given by the caller, or node:crypto',
  },
  {
    pattern: /\bconsole\./,
    instead: 'the Logger of core/logger.ts; a command writes to process.stdout',
  },
  {
    pattern: /\bthrow new Error\(/,
    except: [testCode],
    instead: 'TributaryError for what the world did, assert for a bug, a value for an outcome',
  },
  {
    pattern: /(?:[:<,|&(]|\bas)\s*any\b(?!\s*[:(])/,
    files: everywhere,
    instead: 'unknown, and a function that finds out',
  },
  {
    pattern: /(?:^|\n)import (?!type\b)[^;']*'typebox/,
    in: 'code',
    // The command line is gone when it has answered; a server keeps what it loads.
    except: [/^src\/app\/cli\//, testCode],
    instead: 'the Type of control/schemas/type.ts, which loads nothing',
  },
  {
    pattern: /@ts-(ignore|expect-error|nocheck)/,
    in: 'comments',
    files: everywhere,
    instead: 'a type that is true',
  },
  {
    pattern: /\b(TODO|FIXME|XXX)\b/,
    in: 'comments',
    files: everywhere,
    instead: 'the work itself, or an issue',
  },
];

/** Words that say nothing about what a file or folder is. */
const emptyName = /(^|[/-])(utils?|helpers?|managers?|common|misc)([./]|$)/;

export function badName(path: string): string[] {
  return emptyName.test(path) ? [`${path}: name it after what it does`] : [];
}

/** Banned words in a file, each as a sentence that says what to use. */
export function banned(file: Source): string[] {
  return bans
    .filter((ban) => concerns(ban, file.path))
    .flatMap((ban) => {
      const text = file[ban.in ?? 'bare'];
      return [...text.matchAll(new RegExp(ban.pattern, 'g'))].map(
        (match) => `${place(file.path, text, match.index)}: ${match[0].trim()}: use ${ban.instead}`,
      );
    });
}

function concerns(ban: Ban, path: string): boolean {
  const within = ban.files ?? /^src[/]/;
  return within.test(path) && !(ban.except ?? []).some((exception) => exception.test(path));
}
