// The data source imagebridge_job: how far the cloud is with work that it does on its own time.
import { a, schema, t } from '@imagebridge/terraform-plugin';
import { defineDataSource } from '../definers.ts';
import { placeOf } from '../place.ts';
import { notBlank } from '../validators.ts';
import { number, placeAttributes, text } from './attributes.ts';

export const jobDataSource = defineDataSource({
  schema: schema({
    description:
      'Work that the cloud does on its own time, as it is now; nothing is waited for. A cloud without jobs tells it of ' +
      'its images: the id of such a job is `image:IMAGE_ID`.',
    attributes: {
      id: a.string({
        required: true,
        description: 'Id of the job, as the service, a log line or the `imagebridge` command gives it.',
        validators: [notBlank],
      }),
      ...placeAttributes(),
      status: text('`queued`, `running`, `succeeded` or `failed`.'),
      progress: number('How far it is, from 0 to 1, where the cloud tells.'),
      type: text("The service's name for this kind of work, where it tells."),
      image_ids: a.list({
        element: t.string,
        computed: true,
        description: 'Ids of the images that came of it.',
      }),
      error_code: text("The service's code of the failure."),
      failure_reason: text("The service's reason of the failure, that of sub-jobs included."),
      started_at: text('When it began, as an RFC 3339 time in UTC, where the cloud tells.'),
      ended_at: text('When it ended, as an RFC 3339 time in UTC, where the cloud tells.'),
    },
  }),

  async read({ config, provider, signal }) {
    const cloud = await provider.cloud(placeOf(config));
    const job = await cloud.getJob({ id: config.id }, { signal });
    return {
      ...config,
      region: config.region ?? cloud.region,
      status: job.status,
      progress: job.progress ?? null,
      type: job.type ?? null,
      image_ids: job.imageIds,
      error_code: job.errorCode ?? null,
      failure_reason: job.failureReason ?? null,
      started_at: job.startedAt?.toISOString() ?? null,
      ended_at: job.endedAt?.toISOString() ?? null,
    };
  },
});
