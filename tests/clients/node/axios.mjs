// The second example of document 003, part II: axios posts a body and the headers that the log-in answered.
import axios from 'axios'

const { ADDRESS: address, PASSWORD: password } = process.env

function post(api) {
  const url = address + api
  return function (params = {}, headers = {}) {
    return axios({ method: 'post', url: url, data: params, headers: headers }).then((res) => res).catch((err) => err)
  }
}

const form = { job_number: 'supperadm', pwd: password, client_id: 'h5-client', grant_type: 'password' }
const { token, tokenInfo } = (await post('/v1/user/authen')(form)).data.result
const headers = {
  Authorization: `bearer ${token.access_token}`,
  tokenInfo: encodeURIComponent(JSON.stringify(tokenInfo)),
}
const body = { pageNo: 1, pageSize: 10, space_type: 'COMMUNITY', is_super: 1, top_org_id: 15264 }
const page = await post('/v1/iot/main/space/list')(body, headers)
const detail = await post('/v1/iot/main/org/detail/8829')(undefined, headers)
const liar = { ...headers, tokenInfo: encodeURIComponent(JSON.stringify({ ...tokenInfo, is_supper: 1 })) }
const refused = await post('/v1/iot/main/org/detail/8829')({}, liar)
const expired = await post('/v1/iot/main/org/detail/8829')({}, { ...headers, Authorization: 'bearer expired' })

const result = {
  page: { ...page.data, result: page.data.result.map(({ id }) => id) },
  detail: detail.data.result.org_name,
  refused: [refused.response.status, refused.response.data.code],
  expired: [expired.response.status, expired.response.data.code],
}
console.log(JSON.stringify(result))
