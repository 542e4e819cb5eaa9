// Print what the rules of eslint's GraphQL plugin and of graphql-schema-linter say about the schema in SCHEMA.
import { readFileSync } from "node:fs";
import graphqlPlugin from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";
import linter from "graphql-schema-linter/lib/runner.js";

const { SCHEMA } = process.env;
const rulesOf = (name) => graphqlPlugin.configs[`flat/schema-${name}`].rules;

const everything = {
  types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true, DirectiveDefinition: true,
};
// A connection has `nodes` beside `edges`, and a record has plain lists beside connections.
const edges = { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false };
// Only records have ids: what a normalised cache must not keep under an id has none.
const withoutId = { types: ["DeviceBrand", "Difference", "Me", "PageInfo", "UserError"], suffixes: ["Connection", "Edge", "Event", "GroupCount", "Payload", "Summary", "Total"] };

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ["**/*.graphql"],
      languageOptions: { parser: graphqlPlugin.parser, parserOptions: { graphQLConfig: { schema: SCHEMA } } },
      plugins: { "@graphql-eslint": graphqlPlugin },
      rules: {
        ...rulesOf("recommended"),
        ...rulesOf("relay"),
        ...rulesOf("all"),
        "@graphql-eslint/require-description": ["error", everything],
        "@graphql-eslint/relay-edge-types": ["error", edges],
        "@graphql-eslint/strict-id-in-types": ["error", { exceptions: withoutId }],
      },
    },
  ],
});
const [{ messages }] = await eslint.lintText(readFileSync(SCHEMA, "utf8"), { filePath: "schema.graphql" });

let printed = "";
const output = { write: (text) => Boolean(printed += text) };
await linter.run(output, process.stdin, output, ["node", "graphql-schema-linter", "--format=json", SCHEMA]);

console.log(JSON.stringify([
  ...messages.map(({ ruleId, line, message }) => ({ rule: ruleId ?? "syntax", line, message })),
  ...JSON.parse(printed).errors.map(({ rule, location, message }) => ({ rule, line: location.line, message })),
]));
