// A client of graphql-ws or graphql-sse whose subscriptions go on after their last cursor when they are begun again.
export const resuming = (client) => ({
  ...client,
  subscribe(request, sink) {
    const asked = { ...request, variables: { ...request.variables } } // both clients write it anew for each attempt
    return client.subscribe(asked, {
      next(result) {
        const [event] = Object.values(result.data ?? {})
        if (event?.cursor) asked.variables.after = event.cursor
        sink.next(result)
      },
      error: (error) => { sink.error(error) },
      complete: () => { sink.complete() },
    })
  },
})
