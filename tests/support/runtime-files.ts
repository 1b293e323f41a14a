export { readFromDisk, runtimeUrls } from '../../server/engines/runtime-files.ts';
