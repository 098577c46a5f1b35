/** What `lanwarden init` writes: works once the interface is right. */
export const sampleConfig = `# Lanwarden. Every key but "sources" may be left out; the values shown are the defaults unless said.
# Check with: lanwarden config check lanwarden.yaml

agent: home                  # the name in MQTT topics and entities
data: ./data                 # database, tokens (made with access for this user only)

home:
  name: Home
  # networks: [192.168.1.0/24, fd00::/8]   # default: all private networks
  gateway: auto              # or the router's address

sources:                     # where packets come from; one or more
  - type: interface
    interface: eth1          # <- the port that your switch or router mirrors to
    # filter: not port 22    # what the kernel lets through (tcpdump's language)
  # - { type: file, path: home.pcapng, speed: 1, loop: true }   # a recorded capture instead

http:
  listen: 127.0.0.1:8470     # 0.0.0.0:8470 lets other machines of the home open the page (they need a token)

mqtt:
  url: embedded              # own broker; or mqtt://homeassistant.local:1883
  listen: 127.0.0.1:1883     # of the embedded broker
  # username: lanwarden
  # password_file: mqtt-password
  discovery_prefix: homeassistant

response:
  mode: monitor              # monitor | ask | protect
  never: []                  # never isolated: MAC, address or name
  release_after: 4h

# devices:                   # what you know better
#   - { mac: "ec:71:db:00:53:01", name: Hall camera, type: camera, pinned: true }
#   - { mac: "98:fa:9b:00:10:02", name: Garage miner, type: miner }     # a miner of your own: no alarm

# detections:                # thresholds, by the id in docs/detections
#   scan.port: { ports: 20 }

# eve: { file: ./data/eve.json, max_mib: 256 }   # Suricata's log format, for other tools

store:
  keep_flows: 7d
  keep_incidents: 365d
`;
