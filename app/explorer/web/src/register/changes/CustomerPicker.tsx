import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CustomersToRelateDocument, type CustomersToRelateQuery } from '../../generated/graphql'
import { queryOf } from '../queries'
import { useSettled } from '../search/useSettled'
import { texts as common } from '../texts'
import { titleOf } from '../titles'
import { anyOf } from '../touches'
import { Trouble } from '../Trouble'
import { Choices } from './Choices'
import { texts } from './residentTexts'

export type FoundCustomer = NonNullable<CustomersToRelateQuery['customers']>['nodes'][number]

interface Props {
  chosen: FoundCustomer | undefined
  onChoose: (customer: FoundCustomer) => void
}

const PHONE = /^\+?[\d -]{7,}$/

/** Chooses a customer by a part of the name, or by the whole phone number: parts of it only some callers may search. */
export function CustomerPicker({ chosen, onChoose }: Props) {
  const [typed, setTyped] = useState('')
  const text = useSettled(typed.trim())
  return (
    <fieldset className="picker">
      <legend>{texts.customer}</legend>
      <input
        type="search" data-first="" aria-label={texts.searchCustomer} placeholder={texts.searchCustomer} value={typed}
        onChange={(event) => { setTyped(event.target.value) }}
      />
      {text !== '' && <CustomersFound text={text} chosen={chosen} onChoose={onChoose} />}
    </fieldset>
  )
}

function CustomersFound({ text, chosen, onChoose }: Props & { text: string }) {
  const condition = PHONE.test(text) ? { phone: { eq: text.replace(/[ -]/g, '') } } : { name: { contains: text } }
  const filter = { ...condition, mergedIntoId: { isNull: true } }
  const { data, error, refetch } = useQuery(queryOf(CustomersToRelateDocument, { filter }, anyOf('customer')))
  const customers = data?.customers?.nodes
  if (error !== null) return <Trouble error={error} onRetry={() => { void refetch() }} />
  if (customers === undefined) return <p className="loading" role="status">{common.loading}</p>
  if (customers.length === 0) return <p className="quiet" role="status">{texts.noCustomers}</p>
  const choices = customers.map(({ id, name, phone, type }) => ({ id, title: name, note: [phone, titleOf('CustomerType', type)].filter(Boolean).join(' · ') }))

  function choose(id: string) {
    const customer = customers?.find((each) => each.id === id)
    if (customer !== undefined) onChoose(customer)
  }

  return <Choices label={texts.customers} choices={choices} chosen={chosen?.id ?? ''} onChoose={choose} />
}
