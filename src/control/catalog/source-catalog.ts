import type { SettingOption } from '../../core/destination.ts';

/** A kind of source: which library or client sends. Data only; all of them speak the Tracking API. */
export interface SourceDefinition {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Absent: it has no settings. */
  readonly options?: readonly SettingOption[];
  readonly category: 'Website' | 'Server' | 'Mobile' | 'Ott' | 'Custom';
}

function source(
  id: string,
  slug: string,
  name: string,
  category: SourceDefinition['category'],
  description: string,
): SourceDefinition {
  return { id, slug, name, description, category };
}

/**
 * The libraries that can send to this server. Ids and slugs are the public ones of Segment's
 * catalogue, so that configuration written for it (Terraform, scripts) names the same kinds here.
 */
export const sourceCatalog: readonly SourceDefinition[] = [
  source('iUM16Md8P2', 'http-api', 'HTTP API', 'Server', 'Any client that speaks HTTP.'),
  source(
    'IqDTy1TpoU',
    'javascript',
    'Javascript',
    'Website',
    'Websites, with the analytics.js that this server hosts.',
  ),
  source('U9mT0bPcI6', 'node-js', 'Node.js', 'Server', 'Servers on Node.js.'),
  source('XRksQPCr7X', 'python', 'Python', 'Server', 'Servers in Python.'),
  source('yBvi77aEwr', 'go', 'Go', 'Server', 'Servers in Go.'),
  source('V6ynUvQgbc', 'java', 'Java', 'Server', 'Servers in Java.'),
  source('aACTBqIbWT', 'ruby', 'Ruby', 'Server', 'Servers in Ruby.'),
  source('TDO70If4mD', 'php', 'PHP', 'Server', 'Servers in PHP.'),
  source('8HWbgPTt3k', 'net', '.NET', 'Server', 'Servers in C# and the other .NET languages.'),
  source('B6L7qzHmhI', 'clojure', 'Clojure', 'Server', 'Servers in Clojure.'),
  source('yMu7LRR59b', 'kotlin', 'Kotlin', 'Server', 'Servers in Kotlin.'),
  source('9EMcTqiKok', 'kotlin-android', 'Kotlin (Android)', 'Mobile', 'Android apps.'),
  source('wXNairW5xX', 'android', 'Android', 'Mobile', 'Android apps, with the older library.'),
  source('UBrsG9RVzw', 'ios', 'iOS', 'Mobile', 'iOS apps, with the older library.'),
  source('dZeHygTSD4', 'apple', 'Apple', 'Mobile', 'Apps for iOS, macOS, tvOS and watchOS.'),
  source('B0X0QmvMny', 'react-native', 'React Native', 'Mobile', 'Apps in React Native.'),
  source('CvYws1p1ZA', 'flutter', 'Flutter', 'Mobile', 'Apps in Flutter.'),
  source('4zkHfaSKI8', 'unity', 'Unity', 'Mobile', 'Games and apps in Unity.'),
  source('wcssVcPJrc', 'xamarin', 'Xamarin', 'Mobile', 'Apps in Xamarin.'),
  source('BbupS2SB0b', 'roku', 'Roku', 'Ott', 'Channels for Roku players.'),
  source(
    '7XqN9rJQOG',
    'pixel-tracking-api',
    'Pixel Tracking API',
    'Server',
    'Where no code can run, such as e-mails: an image that records an event.',
  ),
  source(
    'sEgStReAm1',
    'segmentstream',
    'SegmentStream',
    'Website',
    'Websites, with the SDK of SegmentStream or anything that speaks its `/track`.',
  ),
  source(
    'sFuNcTi0n1',
    'source-function',
    'Source function',
    'Server',
    'Requests of other services, made into events by a function of one’s own.',
  ),
];
