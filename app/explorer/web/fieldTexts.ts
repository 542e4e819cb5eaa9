import type { PluginFunction } from '@graphql-codegen/plugin-helpers'
import { getNamedType, type GraphQLField, type GraphQLObjectType, type GraphQLSchema, isLeafType, isObjectType } from 'graphql'

/** The types whose changes a page shows. */
const TYPES = ['Customer', 'Org', 'PropertyRelation', 'Space']

/** A description such as `编码 The parent's code ...`: its Chinese title. */
const TITLE = /^(?<zh>[^\s(（]+)/

/** What a page has to know of a field to show its values: an id has the type of the record that it leads to. */
interface FieldText {
  zh: string
  en: string
  type: string
}

/** Write the titles and the types of the fields with values. The English titles are the names of the fields, as words. */
export const plugin: PluginFunction = (schema) => {
  const texts = Object.fromEntries(TYPES.map((name) => [name, textsOf(schema, name)]))
  const type = 'Record<string, Record<string, { zh: string; en: string; type: string } | undefined>>'
  return `export const fieldTexts = ${JSON.stringify(texts, null, 2)} satisfies ${type}\n`
}

function textsOf(schema: GraphQLSchema, name: string): Record<string, FieldText> {
  const type = schema.getType(name)
  if (!isObjectType(type)) throw new Error(`the schema has no type ${name}`)
  const fields = Object.values(type.getFields()).filter((field) => isLeafType(getNamedType(field.type)))
  const texts = Object.fromEntries(fields.map((field) => [field.name, textOf(type, field)]))
  return distinct(texts)
}

function textOf(owner: GraphQLObjectType, field: GraphQLField<unknown, unknown>): FieldText {
  const target = targetOf(owner, field)
  return {
    zh: TITLE.exec(field.description ?? '')?.groups?.zh ?? field.name,
    en: wordsOf(target === null ? field.name : field.name.replace(/Id$/, '')),
    type: target ?? getNamedType(field.type).name,
  }
}

/** Return the type of the record that a field such as `parentId`, which stands beside `parent`, leads to. */
function targetOf(owner: GraphQLObjectType, { name }: GraphQLField<unknown, unknown>): string | null {
  const beside = name.endsWith('Id') ? owner.getFields()[name.slice(0, -2)] : undefined
  return beside === undefined ? null : getNamedType(beside.type).name
}

function wordsOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/\borg\b/, 'organisation')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Add the names of the fields to titles that several fields have. */
function distinct(texts: Record<string, FieldText>): Record<string, FieldText> {
  const titles = Object.values(texts).map(({ zh }) => zh)
  const isShared = (zh: string) => titles.indexOf(zh) !== titles.lastIndexOf(zh)
  return Object.fromEntries(Object.entries(texts).map(([name, text]) =>
    [name, isShared(text.zh) ? { ...text, zh: `${text.zh} ${name}` } : text]))
}
