/** What the benchmark tells a peer: its port, the one client, and the claims that its tokens carry. */
export function readSettings() {
  const settings = JSON.parse(process.env.PEER_SETTINGS)
  return { ...settings, origin: `http://localhost:${settings.port}` }
}

/** Serves on the loopback interface and prints the line that the benchmark waits for. */
export function listen(server, { port, origin }) {
  server.listen(port, '127.0.0.1', () => console.log(`Peer is ready on ${origin}`))
}
