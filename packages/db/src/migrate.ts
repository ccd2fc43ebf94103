import { createNodeDatabase } from './node.ts';

const url = process.env['TURSO_DATABASE_URL'];
if (url === undefined || url === '') {
  console.error('TURSO_DATABASE_URL is not set: name the database to migrate.');
  process.exit(1);
}

try {
  const database = await createNodeDatabase({ url, authToken: process.env['TURSO_AUTH_TOKEN'] });
  await database.migrate();
  await database.close();
  console.log('Migrations are current.');
} catch (error) {
  // drizzle-kit's own command exits with 1 and prints nothing; the cause is what one needs here.
  console.error('Migration failed:', error instanceof Error ? (error.cause ?? error) : error);
  process.exit(1);
}
