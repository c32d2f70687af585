import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, installed } from './cache.ts';

const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Fetches `group:artifact:version` and all it needs; returns the class path. */
export function maven(library: string): string {
  const [group, artifact, version] = library.split(':');
  const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId><artifactId>sdks</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`;
  const place = installed(`maven-${library.replace(/\W+/g, '-')}`, [copy, pom], (folder) => {
    writeFileSync(join(folder, 'pom.xml'), pom);
    install('mvn', ['--batch-mode', '--quiet', copy, '-DoutputDirectory=lib'], folder);
  });
  return join(place, 'lib', '*');
}
