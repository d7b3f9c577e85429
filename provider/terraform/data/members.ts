// The data source imagebridge_members: the projects that an image is shared with.
import { a, schema, t } from '@imagebridge/terraform-plugin';
import { defineDataSource } from '../definers.ts';
import { placeOf } from '../place.ts';
import { notBlank } from '../validators.ts';
import { placeAttributes, text } from './attributes.ts';

export const membersDataSource = defineDataSource({
  schema: schema({
    description: 'The projects that an image is shared with, and what they answered.',
    attributes: {
      image_id: a.string({ required: true, description: 'Id of the image.', validators: [notBlank] }),
      status: a.string({
        optional: true,
        description: 'Only those that answered so: `pending`, `accepted` or `rejected`.',
        validators: [notBlank],
      }),
      ...placeAttributes(),
      project_ids: a.list({
        element: t.string,
        computed: true,
        description: 'Ids of the projects, in the order of `members`.',
      }),
      members: a.nestedList({
        computed: true,
        description: 'The projects, ordered by their ids.',
        attributes: {
          project_id: text('Id of the project.'),
          status: text('Its answer: `pending`, `accepted` or `rejected`.'),
          created_at: text('Since when it is a member, as an RFC 3339 time in UTC, where the cloud tells.'),
          updated_at: text('When it answered, as an RFC 3339 time in UTC, where the cloud tells.'),
        },
      }),
    },
  }),

  async read({ config, provider, signal }) {
    const cloud = await provider.cloud(placeOf(config));
    const members = [];
    for await (const share of cloud.listShares(config.image_id, { signal }))
      if (config.status === null || config.status === share.status)
        members.push({
          project_id: share.projectId,
          status: share.status,
          created_at: share.createdAt?.toISOString() ?? null,
          updated_at: share.updatedAt?.toISOString() ?? null,
        });
    members.sort((x, y) => (x.project_id < y.project_id ? -1 : 1));
    return {
      ...config,
      region: config.region ?? cloud.region,
      project_ids: members.map((member) => member.project_id),
      members,
    };
  },
});
