import { config } from 'zod';

/**
 * zod compiles its schemas with `new Function` where it may. The content security policy forbids that, and would report
 * the attempt. To be imported before any schema is made.
 */
config({ jitless: true });
