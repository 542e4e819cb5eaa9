import { useId } from 'react'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { FiguresRow } from './Breakdown'
import type { Measure, Series } from './measures'
import { fillOf, Patterns } from './patterns'

interface Props {
  measure: Measure
  series: readonly Series[]
  rows: readonly FiguresRow[]
}

const ROW_PIXELS = 30
const AXIS_PIXELS = 36
const NAME_PIXELS = 120
const NAME_LETTERS = 12

function short(name: string): string {
  return name.length > NAME_LETTERS ? `${name.slice(0, NAME_LETTERS - 1)}…` : name
}

/** A bar for each record, made of its series. */
export function Bars({ measure, series, rows }: Props) {
  const prefix = useId()
  return (
    <ResponsiveContainer width="100%" height={rows.length * ROW_PIXELS + AXIS_PIXELS}>
      <BarChart data={[...rows]} layout="vertical" accessibilityLayer={false} margin={{ top: 0, right: 16, bottom: 0, left: 0 }}>
        <Patterns prefix={prefix} count={series.length} />
        <CartesianGrid horizontal={false} stroke="var(--edge)" />
        <XAxis type="number" allowDecimals={false} stroke="var(--quiet)" fontSize={12} tickFormatter={(value: number) => value.toLocaleString()} />
        <YAxis
          type="category" dataKey="id" width={NAME_PIXELS} stroke="var(--quiet)" fontSize={12} interval={0}
          tickFormatter={(id: string) => short(rows.find((row) => row.id === id)?.name ?? '')}
        />
        <Tooltip
          contentStyle={{ background: 'var(--ground)', borderColor: 'var(--edge)' }} itemStyle={{ color: 'var(--text)' }}
          cursor={{ fill: 'var(--raised)' }} labelFormatter={(id) => rows.find((row) => row.id === id)?.fullName ?? ''}
        />
        {series.map(({ key, title }, index) => (
          <Bar
            key={key} name={title} dataKey={({ summary }: FiguresRow) => measure.valueOf(summary, key)} stackId="all"
            fill={fillOf(prefix, index)} stroke="var(--ground)" isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  )
}
