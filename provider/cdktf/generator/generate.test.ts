import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TerraformStack, Testing, Token } from 'cdktf';
import { describe, expect, test } from 'vitest';
import * as library from '../index.ts';
import { ref, synth, testApp } from '../testing.ts';
import {
  DataWidgetsWidget,
  EphemeralWidgetsPass,
  WidgetsFunctions,
  WidgetsProvider,
  WidgetsWidget,
} from './fixture/gen/index.ts';
import { generate, generationsOf } from './generate.ts';
import { camelCase, classesOf, functionsOf, pascalCase } from './model.ts';
import { parseSchema } from './schema-file.ts';

const packagePath = fileURLToPath(new URL('..', import.meta.url));

describe('the committed classes', () => {
  test.each(generationsOf(packagePath))('of $providerName are what its schema gives', (generation) => {
    const expected = generate(generation);
    const found = readdirSync(generation.outPath).map((name): [string, string] => [
      name,
      readFileSync(join(generation.outPath, name), 'utf8'),
    ]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  test('cover every type of the provider', () => {
    const schema = parseSchema(readFileSync(join(packagePath, 'schema.json'), 'utf8'));
    const types = [
      ...Object.keys(schema.resource_schemas ?? {}),
      ...Object.keys(schema.data_source_schemas ?? {}).map((type) => `data_${type}`),
      ...Object.keys(schema.ephemeral_resource_schemas ?? {}).map((type) => `ephemeral_${type}`),
    ];
    expect(classesOf('imagebridge', schema).map(({ name }) => name)).toEqual([
      'ImagebridgeProvider',
      ...types.map(pascalCase),
    ]);
    expect(functionsOf('imagebridge', schema).map(({ tfName }) => tfName)).toEqual(
      Object.keys(schema.functions ?? {}),
    );
    const exported = Object.keys(library);
    for (const name of [...types.map(pascalCase), 'ImagebridgeFunctions']) expect(exported).toContain(name);
  });
});

describe('a generated resource', () => {
  test('writes every form of attribute in the words of the schema', () => {
    // GIVEN / WHEN
    const json = synth((stack) => {
      new WidgetsWidget(stack, 'full', {
        name: 'n',
        nodeAttribute: 3,
        isRound: true,
        colours: ['red', 'blue'],
        sizes: [1, 2],
        tags: { 'Keep-This_key': 'v' },
        passPhrase: 'p',
        anything: { someKey: [1, 'two'] },
        origin: { placeName: 'here', year: 1999 },
        source: { localFile: 'a.img', parts: [{ partNumber: 1 }, { partNumber: 2 }] },
        labels: [{ labelText: 'x' }],
        timeOuts: { create: '5m' },
        rule: [{ ruleName: 'first' }, { ruleName: 'second' }],
        shelf: { upper: { shelfWidth: 3 }, lower: {} },
        gate: [{ gateName: 'g', lock: { keyWo: 'k' } }],
        grid: [[1, 2], [3]],
        empty: {},
        lifecycle: { createBeforeDestroy: true },
      });
    });

    // THEN
    expect(json).toEqual({
      resource: {
        widgets_widget: {
          full: {
            name: 'n',
            node: 3,
            is_round: true,
            colours: ['red', 'blue'],
            sizes: [1, 2],
            tags: { 'Keep-This_key': 'v' },
            pass_phrase: 'p',
            anything: { someKey: [1, 'two'] },
            origin: { place_name: 'here', year: 1999 },
            source: { local_file: 'a.img', parts: [{ part_number: 1 }, { part_number: 2 }] },
            labels: [{ label_text: 'x' }],
            time_outs: { create: '5m' },
            rule: [{ rule_name: 'first' }, { rule_name: 'second' }],
            shelf: { upper: { shelf_width: 3 }, lower: {} },
            gate: [{ gate_name: 'g', lock: { key_wo: 'k' } }],
            grid: [[1, 2], [3]],
            empty: {},
            lifecycle: { create_before_destroy: true },
          },
        },
      },
    });
  });

  test('refers to its values, however deep', () => {
    const json = synth((stack) => {
      const one = new WidgetsWidget(stack, 'one', { name: 'n', source: { localFile: 'f' } });
      new WidgetsWidget(stack, 'two', {
        name: one.id,
        nodeAttribute: one.nodeAttribute,
        isRound: one.isRound,
        colours: one.colours,
        sizes: one.sizes,
        tags: {
          fact: one.facts.lookup('k'),
          part: Token.asString(one.source.parts.get(0).partNumber),
          owner: one.owners.get('a"b').fullName,
          label: one.labels.get(1).labelText,
          place: one.origin.placeName,
        },
        source: one.source,
      });
    });

    expect(json).toHaveProperty('resource.widgets_widget.two', {
      name: ref('widgets_widget.one.id'),
      node: ref('widgets_widget.one.node'),
      is_round: ref('widgets_widget.one.is_round'),
      colours: ref('widgets_widget.one.colours'),
      sizes: ref('tolist(widgets_widget.one.sizes)'),
      tags: {
        fact: ref('widgets_widget.one.facts["k"]'),
        part: ref('widgets_widget.one.source.parts[0].part_number'),
        owner: ref('widgets_widget.one.owners["a\\"b"].full_name'),
        label: ref('tolist(widgets_widget.one.labels).1.label_text'),
        place: ref('widgets_widget.one.origin.place_name'),
      },
      source: ref('widgets_widget.one.source'),
    });
  });

  test('can be changed after it was made, and tells what was configured', () => {
    const json = synth((stack) => {
      const widget = new WidgetsWidget(stack, 'w', {
        name: 'before',
        oldName: 'x',
        source: { localFile: 'f' },
      });
      expect(widget.nameInput).toBe('before');
      widget.name = 'after';
      widget.putSource({ localFile: 'g' });
      widget.resetOldName();
      expect(widget.oldNameInput).toBeUndefined();
      widget.importFrom('id-1');
    });

    expect(json).toEqual({
      import: [{ id: 'id-1', to: 'widgets_widget.w' }],
      resource: { widgets_widget: { w: { name: 'after', source: { local_file: 'g' } } } },
    });
  });

  test('makes an import block for an object that exists', () => {
    const json = synth((stack) => void WidgetsWidget.generateConfigForImport(stack, 'w', 'id-1'));
    expect(json).toEqual({ import: [{ id: 'id-1', to: 'widgets_widget.w' }] });
  });

  test('writes HCL, too', () => {
    const stack = new TerraformStack(testApp(), 'stack');
    new WidgetsWidget(stack, 'w', {
      name: 'n',
      nodeAttribute: 3,
      isRound: false,
      colours: ['red'],
      tags: { k: 'v' },
      source: { localFile: 'f' },
      timeOuts: { create: '5m' },
      rule: [{ ruleName: 'first' }],
      gate: [{ gateName: 'g' }],
    });

    const hcl = Testing.synthHcl(stack).replaceAll(/\s+/g, ' ').trim();

    expect(hcl).toContain(
      'resource "widgets_widget" "w" { name = "n" node = 3 is_round = false colours = [ "red" ] tags = { k = "v" } ' +
        'source = { local_file = "f" } time_outs { create = "5m" } rule { rule_name = "first" } gate { gate_name = "g" } }',
    );
  });
});

describe('a generated provider', () => {
  test('keeps the keys of maps as they are, and says where the provider is', () => {
    const json = synth((stack) => {
      const provider = new WidgetsProvider(stack, 'p', {
        region: 'r',
        alias: 'second',
        accounts: { 'My-Account': { userName: 'u', sites: { siteOne: { baseUrl: 'http://s' } } } },
      });
      new DataWidgetsWidget(stack, 'd', { id: 'i', provider });
    });

    expect(json).toEqual({
      terraform: { required_providers: { widgets: { source: 'acme/widgets', version: '1.2.3' } } },
      provider: {
        widgets: [
          {
            region: 'r',
            alias: 'second',
            accounts: { 'My-Account': { user_name: 'u', sites: { siteOne: { base_url: 'http://s' } } } },
          },
        ],
      },
      data: { widgets_widget: { d: { id: 'i', provider: 'widgets.second' } } },
    });
  });
});

describe('a generated ephemeral resource', () => {
  test('writes a block of its own kind, and is referred to as such', () => {
    const json = synth((stack) => {
      const widget = new WidgetsWidget(stack, 'w', { name: 'n', source: { localFile: 'f' } });
      const provider = new WidgetsProvider(stack, 'p', { alias: 'second' });
      const pass = new EphemeralWidgetsPass(stack, 'pass', {
        widgetId: widget.id,
        provider,
        dependsOn: [widget],
      });
      new WidgetsWidget(stack, 'user', {
        name: 'm',
        passPhrase: pass.passText,
        source: { localFile: pass.fqn },
      });
    });

    expect(json).toHaveProperty('ephemeral.widgets_pass.pass', {
      widget_id: ref('widgets_widget.w.id'),
      provider: 'widgets.second',
      depends_on: ['widgets_widget.w'],
    });
    expect(json).not.toHaveProperty('data');
    expect(json).toHaveProperty('resource.widgets_widget.user', {
      name: 'm',
      pass_phrase: ref('ephemeral.widgets_pass.pass.pass_text'),
      source: { local_file: ref('ephemeral.widgets_pass.pass') },
    });
  });

  test('is written as HCL, or refuses to be where that library cannot', () => {
    const stack = new TerraformStack(testApp(), 'stack');
    new EphemeralWidgetsPass(stack, 'pass', { widgetId: 'i' });
    const hcl = () => Testing.synthHcl(stack).replaceAll(/\s+/g, ' ').trim();
    if (process.env.IMAGEBRIDGE_CDKTF === 'cdktn')
      expect(hcl()).toContain('ephemeral "widgets_pass" "pass" { widget_id = "i" }');
    else expect(hcl).toThrow('stack/pass: got HCL output, expected JSON output or cdktf');
  });
});

describe('a generated function', () => {
  test('is an expression with typed parameters and results', () => {
    const json = synth((stack) => {
      const widget = new WidgetsWidget(stack, 'w', { name: 'n', source: { localFile: 'f' } });
      const seen = WidgetsFunctions.lookAt(widget.name, null);
      new WidgetsWidget(stack, 'user', {
        name: WidgetsFunctions.joinWords('a "b"', widget.id, 'c'),
        nodeAttribute: seen.sizeBytes,
        isRound: seen.isGood,
        colours: seen.words,
        anything: WidgetsFunctions.anything({ some_key: [1, widget.id] }, { yes: true }),
        source: { localFile: `is ${WidgetsFunctions.lookAt('p', 2).fileFormat}` },
      });
    });

    const look = 'provider::widgets::look_at(widgets_widget.w.name, null)';
    expect(json).toHaveProperty('resource.widgets_widget.user', {
      name: ref('provider::widgets::join_words("a \\"b\\"", widgets_widget.w.id, "c")'),
      node: ref(`${look}.size_bytes`),
      is_round: ref(`${look}.is_good`),
      colours: ref(`${look}.words`),
      anything: ref('provider::widgets::anything({"some_key" = [1, widgets_widget.w.id]}, {"yes" = true})'),
      source: { local_file: `is ${ref('provider::widgets::look_at("p", 2).file_format')}` },
    });
  });
});

describe('the schema file', () => {
  test('is refused with the place when its shape is wrong', () => {
    const wrong = {
      provider: { block: {} },
      resource_schemas: { x_y: { block: { attributes: { a: { type: 'text' } } } } },
    };
    expect(() => parseSchema(JSON.stringify(wrong))).toThrow(
      /unexpected shape[\s\S]*resource_schemas\.x_y\.block\.attributes\.a\.type/,
    );
  });

  test('gives names in camel case', () => {
    expect(['id', 'min_disk_gib', 'sha256', 'a_1_b'].map(camelCase)).toEqual([
      'id',
      'minDiskGib',
      'sha256',
      'a1B',
    ]);
  });
});
