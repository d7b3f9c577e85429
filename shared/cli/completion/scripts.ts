// Completion scripts for shells, from the command tree. They hold the tree: only names of profiles are asked for. Pure.
import { optionsWithValue, PROFILES_COMMAND, type TreeNode, type TreeOption, type Values } from './tree.ts';

const namesOf = ({ long, short }: TreeOption): string[] => (short ? [long, short] : [long]);
const words = (list: readonly string[]): string => list.join(' ');

/** What a shell does for values. */
type Offer = (values: Values) => string;

/** The cases `path/option)` of options that take values; equal ones together. */
function valueCases(nodes: readonly TreeNode[], indent: string, offer: Offer): string {
  const byOffer = new Map<string, string[]>();
  for (const { path, options } of nodes)
    for (const option of options) {
      if (!option.values) continue;
      const patterns = namesOf(option).map((name) => `'${path}/${name}'`);
      const key = offer(option.values);
      byOffer.set(key, [...(byOffer.get(key) ?? []), ...patterns]);
    }
  return [...byOffer].map(([text, patterns]) => `${indent}${patterns.join('|')}) ${text} ;;`).join('\n');
}

const pathCases = (nodes: readonly TreeNode[], indent: string, text: (node: TreeNode) => string): string =>
  nodes.map((node) => `${indent}'${node.path}') ${text(node)} ;;`).join('\n');

/** Patterns `path|word` for every step from a command to one below it. */
const steps = (nodes: readonly TreeNode[]): string =>
  nodes.flatMap(({ path, commands }) => commands.map(({ name }) => `'${path}/${name}'`)).join('|');

/** The script for bash; needs nothing but bash. */
export function bashScript(nodes: readonly TreeNode[]): string {
  const offer: Offer = (values) => {
    if (values.kind === 'words') return `list='${words(values.words)}'`;
    if (values.kind === 'profiles') return `list="$(${PROFILES_COMMAND})"`;
    return values.kind === 'files' ? 'files=1' : ':';
  };
  return `# bash completion of imagebridge. Load it with: source <(imagebridge completion bash)
_imagebridge() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at='' list='' files='' i word
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in
      ${optionsWithValue(nodes).join('|')}) ((i++)); continue ;;
    esac
    case "$at/$word" in
      ${steps(nodes)}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at/$prev" in
${valueCases(nodes, '    ', offer)}
    *)
      if [[ $cur == -* ]]; then
        case "$at" in
${pathCases(nodes, '          ', (node) => `list='${words(node.options.flatMap(namesOf))}'`)}
        esac
      else
        case "$at" in
${pathCases(nodes, '          ', (node) =>
  node.commands.length > 0
    ? `list='${words(node.commands.map(({ name }) => name))}'`
    : node.values
      ? offer(node.values)
      : ':',
)}
        esac
      fi
      ;;
  esac
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
  else
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$list" -- "$cur")
  fi
}
complete -F _imagebridge imagebridge
`;
}

/** The script for zsh. */
export function zshScript(nodes: readonly TreeNode[]): string {
  const offer: Offer = (values) => {
    if (values.kind === 'words') return `compadd -- ${words(values.words)}`;
    if (values.kind === 'profiles') return `compadd -- \${(f)"$(${PROFILES_COMMAND})"}`;
    return values.kind === 'files' ? '_files' : ':';
  };
  const described = (list: readonly { name: string; description: string }[]) =>
    list.map(({ name, description }) => `'${zshQuoted(name)}:${zshQuoted(description)}'`).join(' ');
  return `#compdef imagebridge
# zsh completion of imagebridge. Load it with: source <(imagebridge completion zsh)
_imagebridge() {
  local at='' word
  local -i i
  local -a list
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "$word" in
      ${optionsWithValue(nodes).join('|')}) ((i++)); continue ;;
    esac
    case "$at/$word" in
      ${steps(nodes)}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at/\${words[CURRENT-1]}" in
${valueCases(nodes, '    ', offer)}
    *)
      if [[ "\${words[CURRENT]}" == -* ]]; then
        case "$at" in
${pathCases(nodes, '          ', ({ options }) => `list=(${described(options.map(({ long, description }) => ({ name: long, description })))})`)}
        esac
        _describe option list
      else
        case "$at" in
${pathCases(nodes, '          ', (node) =>
  node.commands.length > 0
    ? `list=(${described(node.commands)}); _describe command list`
    : node.values
      ? offer(node.values)
      : ':',
)}
        esac
      fi
      ;;
  esac
}
if [[ "\${funcstack[1]}" == _imagebridge ]]; then
  _imagebridge "$@"
else
  compdef _imagebridge imagebridge
fi
`;
}

const zshQuoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:');

/** The script for fish. */
export function fishScript(nodes: readonly TreeNode[]): string {
  const lines = nodes.flatMap((node) => {
    const here = `complete -c imagebridge -n '__imagebridge_at "${node.path}"'`;
    return [
      ...node.commands.map(({ name, description }) => `${here} -f -a ${name} -d ${fishQuoted(description)}`),
      ...node.options.map((option) => {
        const short = option.short ? ` -s ${option.short.slice(1)}` : '';
        const name = `${here} -l ${option.long.slice(2)}${short} -d ${fishQuoted(option.description)}`;
        return option.values ? `${name} ${fishValues(option.values)}` : name;
      }),
      ...(node.commands.length === 0 && node.values ? fishArguments(here, node.values) : []),
    ];
  });
  return `# fish completion of imagebridge. Load it with: imagebridge completion fish | source
function __imagebridge_at
    set -l at ''
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case ${words(optionsWithValue(nodes))}
                set skip 1
                continue
        end
        switch "$at/$word"
            case ${steps(nodes).replaceAll('|', ' ')}
                set at (string trim -- "$at $word")
        end
    end
    test "$at" = "$argv[1]"
end
complete -c imagebridge -f
${lines.join('\n')}
`;
}

function fishValues(values: Values): string {
  if (values.kind === 'words') return `-x -a '${words(values.words)}'`;
  if (values.kind === 'profiles') return `-x -a '(${PROFILES_COMMAND})'`;
  return values.kind === 'files' ? '-r -F' : '-x';
}

function fishArguments(here: string, values: Values): string[] {
  if (values.kind === 'words') return [`${here} -f -a '${words(values.words)}'`];
  return values.kind === 'files' ? [`${here} -F`] : [];
}

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
