// What a publishing tells while it runs, as log lines: one at each step, and one every ten seconds while bytes flow.
import type { PublishEvent } from '@imagebridge/core';
import type { Logger } from '@imagebridge/terraform-plugin';

/** Time between two progress lines, in milliseconds. */
const INTERVAL_MS = 10_000;

/** What is known of a publishing that ended early. */
export interface PublishFacts {
  readonly imageId?: string | undefined;
  readonly sha256?: string | undefined;
  readonly partsDone?: number | undefined;
  readonly partsTotal?: number | undefined;
}

/**
 * Makes a listener for `publishImage`.
 * @param nowMs tells the time in milliseconds; injected in tests
 */
export function publishLog(
  log: Logger,
  nowMs: () => number = Date.now,
): { onEvent: (event: PublishEvent) => void; known: () => PublishFacts } {
  let facts: PublishFacts = {};
  let lastLineMs = Number.NEGATIVE_INFINITY;

  const due = (): boolean => {
    if (nowMs() - lastLineMs < INTERVAL_MS) return false;
    lastLineMs = nowMs();
    return true;
  };

  const onUpload = (event: Extract<PublishEvent, { type: 'upload' }>['event']): void => {
    const { snapshot } = event;
    facts = { ...facts, partsDone: snapshot.partsDone, partsTotal: snapshot.partsTotal };
    const fields = {
      state: snapshot.state,
      parts_done: snapshot.partsDone,
      parts_total: snapshot.partsTotal,
      parts_skipped: snapshot.partsSkipped,
      confirmed_bytes: snapshot.confirmedBytes,
      size_bytes: snapshot.file.sizeBytes,
      bytes_per_second: Math.round(snapshot.bytesPerSecond),
      ...(snapshot.etaMs === undefined ? {} : { eta_seconds: Math.round(snapshot.etaMs / 1000) }),
    };
    if (event.type === 'retry')
      log.warn('a part will be sent again', {
        ...fields,
        part: event.partNumber,
        attempt: event.attempt,
        wait_ms: event.waitMs,
        problem: event.error.message,
      });
    else if (event.type === 'note') log.info(event.text, fields);
    else if (event.type === 'state') log.info('upload', fields);
    else if (due()) log.info('uploading', fields);
  };

  const onEvent = (event: PublishEvent): void => {
    switch (event.type) {
      case 'inspected':
        log.info('inspected', {
          format: event.inspection.format,
          size_bytes: event.inspection.fileSizeBytes,
          findings: event.inspection.findings.map((finding) => finding.code),
        });
        break;
      case 'upload':
        onUpload(event.event);
        break;
      case 'uploaded':
        facts = { ...facts, sha256: event.result.sha256 };
        log.info('uploaded', {
          sha256: event.result.sha256,
          parts: event.result.partsTotal,
          parts_skipped: event.result.partsSkipped,
          sent_bytes: event.result.sentBytes,
        });
        break;
      case 'import':
        if (due())
          log.info('importing', {
            job: event.job.id,
            status: event.job.status,
            progress: event.job.progress,
          });
        break;
      case 'image-id':
        facts = { ...facts, imageId: event.imageId };
        log.info('the cloud has made the image', { image_id: event.imageId, adopted: event.adopted });
        break;
      case 'note':
        log.info(event.text);
        break;
    }
  };
  return { onEvent, known: () => facts };
}
