import type { PluginFunction } from '@graphql-codegen/plugin-helpers'
import { type GraphQLEnumType, type GraphQLEnumValue, isEnumType } from 'graphql'

/** Enumerations whose values are columns, arguments or kinds of errors are shown nowhere. */
const NOT_SHOWN = /(OrderField|GroupBy|ErrorCode)$|^__/

/** A description such as `楼栋 Building (legacy code BUILDING)`: both titles, without what explains them. */
const TITLES = /^(?<zh>\S+) (?<en>[^(,;:`]+)/

/** Write the titles of the values of the schema's enumerations, in Chinese and English. */
export const plugin: PluginFunction = (schema) => {
  const enums = Object.values(schema.getTypeMap()).filter((type) => isEnumType(type)).filter(({ name }) => !NOT_SHOWN.test(name))
  const texts = Object.fromEntries(enums.map((type) => [type.name, textsOf(type)]))
  return `export const enumTexts = ${JSON.stringify(texts, null, 2)} as const\n`
}

function textsOf(type: GraphQLEnumType): Record<string, { zh: string; en: string }> {
  return Object.fromEntries(type.getValues().map((value) => [value.name, titlesOf(value)]))
}

function titlesOf({ name, description }: GraphQLEnumValue): { zh: string; en: string } {
  const titles = TITLES.exec(description ?? '')?.groups
  return { zh: titles?.zh ?? name, en: titles?.en?.trim() ?? name }
}
