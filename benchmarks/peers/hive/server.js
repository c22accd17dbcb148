// Hive Gateway over the REST office: GraphQL Mesh makes the graph of its OpenAPI document, additional types join it.

import { createServer } from 'node:http'

import { createGatewayRuntime } from '@graphql-hive/gateway'
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli'
import { DefaultLogger } from '@graphql-mesh/utils'
import { loadOpenAPISubgraph } from '@omnigraph/openapi'

const OFFICE = 'office'

/** A field that is another resource of the office; `args` as it takes them. */
const joined = (field, args, of = 'requiredSelectionSet: "{ id }"') =>
  `@resolveTo(sourceName: "${OFFICE}", sourceTypeName: "Query", sourceFieldName: "${field}", sourceArgs: ${args}, ${of})`

const ACCOUNT = 'account: "{root.id}"'
const FIRST = 'first: "{args.first}"'
const additionalTypeDefs = /* GraphQL */ `
  extend type Viewer {
    accounts(first: Int): AccountConnection ${joined('accounts', `{ ${FIRST} }`, 'requiredSelectionSet: "{ name }"')}
    notices(first: Int): NoticeConnection ${joined('notices', `{ ${FIRST} }`, 'requiredSelectionSet: "{ name }"')}
  }
  extend type Account {
    balance: Balance ${joined('balance', `{ ${ACCOUNT} }`)}
    enrolments: [Enrolment] ${joined('enrolments', `{ ${ACCOUNT} }`)}
    invoices(first: Int, after: String, order: InvoiceOrder, expand: String): InvoiceConnection
      ${joined('invoices', `{ ${ACCOUNT}, ${FIRST}, after: "{args.after}", order: "{args.order}", expand: "{args.expand}" }`)}
    paymentPlans(first: Int): PaymentPlanConnection ${joined('paymentPlans', `{ ${ACCOUNT}, ${FIRST} }`)}
  }
`

const supergraph = await getComposedSchemaFromConfig({
  cwd: import.meta.dirname,
  subgraphs: [
    {
      sourceHandler: loadOpenAPISubgraph(OFFICE, {
        source: './openapi.yaml',
        endpoint: process.env.UPSTREAM_URL,
        operationHeaders: {
          authorization: '{context.headers.authorization}',
          'x-forwarded-host': '{context.headers.host}'
        }
      })
    }
  ],
  additionalTypeDefs
}, new DefaultLogger())
const gateway = createGatewayRuntime({ supergraph, logging: false, graphiql: false, landingPage: false })
createServer(gateway).listen(Number(process.env.PORT), '127.0.0.1')
process.on('disconnect', () => process.exit(0))
