import { type Completion, snippetCompletion } from "@codemirror/autocomplete";

type Snippet = [label: string, text: string, detail: string];

const JAVA: readonly Snippet[] = [
  ["main", "public static void main(String[] args) {\n\t#{}\n}", "main method"],
  ["sout", "System.out.println(#{});", "print a line"],
  ["class", "class #{Name} {\n\t#{}\n}", "class"],
  ["record", "record #{Name}(#{parts}) {}", "record"],
  ["interface", "interface #{Name} {\n\t#{}\n}", "interface"],
  ["enum", "enum #{Name} { #{A} }", "enum"],
  ["for", "for (int #{i} = 0; #{i} < #{n}; #{i}++) {\n\t#{}\n}", "loop by index"],
  ["foreach", "for (var #{item} : #{items}) {\n\t#{}\n}", "loop over items"],
  ["while", "while (#{condition}) {\n\t#{}\n}", "loop"],
  ["if", "if (#{condition}) {\n\t#{}\n}", "condition"],
  ["switch", "switch (#{value}) {\n\tcase #{pattern} -> #{};\n}", "switch"],
  ["try", "try {\n\t#{}\n} catch (#{Exception} #{problem}) {\n\t\n}", "try and catch"],
  ["twr", "try (var #{it} = #{open}) {\n\t#{}\n}", "try with a resource"],
  ["test", "@Test\nvoid #{does}() {\n\t#{}\n}", "JUnit test"],
];

const SCRIPT: readonly Snippet[] = [
  ["fun", "function #{name}(#{parameters}) {\n\t#{}\n}", "function"],
  ["afun", "async function #{name}(#{parameters}) {\n\t#{}\n}", "async function"],
  ["arrow", "const #{name} = (#{parameters}) => {\n\t#{}\n};", "arrow function"],
  ["imp", 'import { #{names} } from "#{module}";', "import"],
  ["exp", "export const #{name} = #{value};", "export"],
  ["forof", "for (const #{item} of #{items}) {\n\t#{}\n}", "loop over items"],
  ["forin", "for (const #{key} in #{object}) {\n\t#{}\n}", "loop over keys"],
  ["log", "console.log(#{});", "log"],
  ["try", "try {\n\t#{}\n} catch (#{problem}) {\n\t\n}", "try and catch"],
  ["test", 'test("#{does}", () => {\n\t#{}\n});', "test"],
  ["promise", "new Promise((resolve, reject) => {\n\t#{}\n})", "promise"],
];

const TYPESCRIPT: readonly Snippet[] = [
  ...SCRIPT,
  ["interface", "interface #{Name} {\n\t#{name}: #{type};\n}", "interface"],
  ["type", "type #{Name} = #{type};", "type"],
  ["enum", "enum #{Name} {\n\t#{}\n}", "enum"],
];

const PYTHON: readonly Snippet[] = [
  ["def", "def #{name}(#{parameters}):\n\t#{pass}", "function"],
  ["adef", "async def #{name}(#{parameters}):\n\t#{pass}", "async function"],
  ["class", "class #{Name}:\n\tdef __init__(self, #{parameters}):\n\t\t#{pass}", "class"],
  ["data", "@dataclass\nclass #{Name}:\n\t#{name}: #{type}", "data class"],
  ["for", "for #{item} in #{items}:\n\t#{pass}", "loop over items"],
  ["if", "if #{condition}:\n\t#{pass}", "condition"],
  ["while", "while #{condition}:\n\t#{pass}", "loop"],
  ["with", "with #{open} as #{it}:\n\t#{pass}", "with"],
  ["try", "try:\n\t#{pass}\nexcept #{Exception} as #{problem}:\n\t#{raise}", "try and except"],
  ["main", 'if __name__ == "__main__":\n\t#{main()}', "main"],
  ["test", "def test_#{does}():\n\t#{pass}", "test"],
];

const SNIPPETS: Record<string, readonly Snippet[]> = {
  Java: JAVA,
  JavaScript: SCRIPT,
  JSX: SCRIPT,
  TypeScript: TYPESCRIPT,
  TSX: TYPESCRIPT,
  Python: PYTHON,
};

/** Pieces of code with holes to fill (`#{name}`), by the language's name. */
export function snippetsOf(language: string): Completion[] {
  return (SNIPPETS[language] ?? []).map(([label, text, detail]) =>
    snippetCompletion(text, { label, detail, type: "keyword", boost: 1 }),
  );
}
