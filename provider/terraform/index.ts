// The provider as an object, for those who read its schema. Has no side effects; main.ts serves it.
export { provider } from './provider.ts';
