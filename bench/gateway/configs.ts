/** nginx as a proxy with kept connections and no log; with a verifier it asks that first, by `auth_request`. */
export function nginxConfig(options: { port: number; directory: string; upstream: string; verifier?: string }): string {
  const { port, directory, upstream, verifier } = options
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 100000000;
${temporary.map((name) => `  ${name}_temp_path ${directory}/${name};`).join('\n')}
  large_client_header_buffers 8 16k;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  upstream api { server ${hostOf(upstream)}; keepalive 128; keepalive_requests 100000000; }
${verifier === undefined ? '' : `  upstream verifier { server ${hostOf(verifier)}; keepalive 128; keepalive_requests 100000000; }`}
  server {
    listen 127.0.0.1:${port};
    location / {
${verifier === undefined ? '' : '      auth_request /verify;'}
      proxy_pass http://api;
    }
${verifier === undefined ? '' : VERIFY}
  }
}
`
}

const VERIFY = `    location = /verify {
      internal;
      proxy_pass http://verifier/;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
    }`

/** HAProxy that verifies the signature of every bearer. */
export function haproxyConfig(options: { port: number; upstream: string; keyFile: string }): string {
  const { port, upstream, keyFile } = options
  return `
global
  nbthread 1
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend gateway
  bind 127.0.0.1:${port}
  http-request set-var(txn.bearer) http_auth_bearer
  http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
  http-request deny deny_status 401 unless { var(txn.alg) -m str ES256 }
  http-request deny deny_status 401 unless { var(txn.bearer),jwt_verify(txn.alg,"${keyFile}") 1 }
  default_backend api
backend api
  server api ${hostOf(upstream)}
`
}

const hostOf = (origin: string): string => new URL(origin).host.replace('localhost', '127.0.0.1')
