import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** In place of axe's own code, where a page has it already: handing it over takes as long as a run. */
const NOTHING = ';';

export async function listSeriousViolations(page: Page): Promise<string[]> {
  const hasAxe = await page.evaluate(() => 'axe' in window);
  // No page has a frame of another origin: the run needs no second page to put its parts together.
  const axe = new AxeBuilder(hasAxe ? { page, axeSource: NOTHING } : { page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  return violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map(
      (violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
    );
}

export async function hasSidewaysScroll(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
