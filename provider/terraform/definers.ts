// The framework's definers for handlers that get this provider's connections.
import { withProviderData } from '@imagebridge/terraform-plugin';
import type { Connections } from './config/connections.ts';

export const { defineResource, defineDataSource, defineProvider } = withProviderData<Connections>();
