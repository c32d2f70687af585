import type { TestContext } from 'node:test';
import { chromium, type Page } from 'playwright-core';
import { loopbackServer } from '../../src/core/testing/loopback-server.ts';
import { chromium as service } from '../services/chromium.ts';

const executablePath = service.find();

/** Says why browser tests cannot run here, for `test`'s `skip`; false when they can. */
export const noBrowser =
  executablePath === undefined ? 'no Chromium: install it, or set CHROMIUM to its path' : false;

export interface PageRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** A page, what it asked for, and what went wrong in it. */
interface OpenPage {
  readonly page: Page;
  readonly requests: readonly PageRequest[];
  readonly problems: readonly string[];
}

/** What a page needs besides its HTML. */
export interface PageOptions {
  /** Scripts of the site itself: the text for a path, undefined where it is the page. */
  readonly script?: (path: string) => string | undefined;
  /** Hosts of the world, and the origin on this machine that stands in for each. */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** Serves `html` from an origin of its own and opens it in headless Chromium. */
export async function openPage(
  t: TestContext,
  html: string,
  { script = () => undefined, hosts = {} }: PageOptions = {},
): Promise<OpenPage> {
  const site = await loopbackServer((request, response) => {
    const text = script(request.url ?? '');
    if (text !== undefined) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(text);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  });
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox'],
  });
  t.after(async () => {
    await browser.close();
    await site.close();
  });

  const page = await browser.newPage();
  for (const [host, origin] of Object.entries(hosts)) {
    await page.route(`https://${host}/**`, async (route) => {
      const { pathname, search } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: origin + pathname + search }) });
    });
  }
  const requests: PageRequest[] = [];
  const problems: string[] = [];
  page.on('request', (request) => {
    const body = request.postData() ?? '';
    requests.push({ method: request.method(), url: request.url(), body });
  });
  page.on('pageerror', (problem) => problems.push(String(problem)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${site.url}/shop/?utm_source=news#top`);
  return { page, requests, problems };
}
