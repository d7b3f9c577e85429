// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { useCommand, useTask } from '../state/hooks.ts';
import { renderWith, someTask } from '../testing/fake-engine.tsx';
import { Button, Confirm, Field, ProblemNote, TextInput } from './index.ts';

afterEach(cleanup);

function PauseAll() {
  const { run, problem } = useCommand('tasks.pauseAll');
  return (
    <>
      <Button onClick={() => void run({})}>pause</Button>
      {problem ? <ProblemNote problem={problem} /> : null}
    </>
  );
}

const Name = () => <p>{useTask('t1')?.fileName}</p>;

describe('the kit', () => {
  it('gives commands, and shows why they failed as text', async () => {
    const html = '<img src=x onerror=alert(1)>';
    const { calls, container } = await renderWith(<PauseAll />, {
      answers: {
        'tasks.pauseAll': () => {
          throw new Error(html);
        },
      },
    });
    await userEvent.click(screen.getByRole('button', { name: 'pause' }));
    expect((await screen.findByRole('alert')).textContent).toContain(html);
    expect(container.querySelector('img')).toBeNull();
    expect(calls.map(({ method }) => method)).toEqual(['app.hello', 'tasks.pauseAll']);
  });

  it('follows the events of the engine', async () => {
    const { emit } = await renderWith(<Name />, { hello: { tasks: [someTask()] } });
    screen.getByText('ubuntu-24.04.qcow2');
    emit({ type: 'tasks', upserted: [someTask({ fileName: 'other.iso' })], removed: [] });
    await screen.findByText('other.iso');
  });

  it('binds label, hint and error to the control', async () => {
    await renderWith(
      <Field label="Name" hint="1 to 50 letters" error="too long">
        <TextInput value="x" onChange={() => {}} />
      </Field>,
    );
    const input = screen.getByLabelText('Name');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const texts = input
      .getAttribute('aria-describedby')
      ?.split(' ')
      .map((id) => document.getElementById(id)?.textContent);
    expect(texts).toEqual(['too long', '1 to 50 letters']);
  });

  it('asks for the name before what cannot be undone', async () => {
    let done = 0;
    await renderWith(
      <Confirm
        open
        onClose={() => {}}
        title="Delete?"
        confirm="Delete"
        onConfirm={() => done++}
        typed="base"
        typedLabel="Type base"
      >
        It is gone for good.
      </Confirm>,
    );
    const button = screen.getByRole('button', { name: 'Delete' });
    await userEvent.click(button);
    expect(done).toBe(0);
    await userEvent.type(screen.getByLabelText('Type base'), 'base');
    await userEvent.click(button);
    expect(done).toBe(1);
  });
});
