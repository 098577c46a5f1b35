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
  # - { type: tzsp, listen: "0.0.0.0:37008", allow: [192.168.88.1] }   # from a MikroTik; others: docs/guides/tap.md
  # - { type: netflow, allow: [192.168.1.1] }   # flow records of a router without mirror port; also eve, zeek: docs/guides/tap-flows.md
  # - { type: file, path: home.pcapng, speed: 1, loop: true }   # a recorded capture instead

http:
  listen: 127.0.0.1:8470     # 0.0.0.0:8470 lets other machines of the home open the page (they need a token)

mqtt:
  url: embedded              # own broker; or mqtt://homeassistant.local:1883
  listen: 127.0.0.1:1883     # of the embedded broker
  # username: lanwarden
  # password_file: mqtt-password
  discovery_prefix: homeassistant

# home_assistant:              # names, rooms and firmware of your devices, notifications with buttons, spoken alerts
#   url: http://homeassistant.local:8123
#   token_file: ha-token       # a long-lived access token (your profile, Security) of an administrator
#   push: auto                 # every phone with the companion app; or [notify.mobile_app_my_phone]
#   speak: [assist_satellite.kitchen]   # also media players, with tts: tts.piper
#   quiet_hours: 22:00-07:00   # nothing is spoken; only critical notifications make a sound
#   severity: medium           # least severity that is told: low | medium | high | critical

response:
  mode: monitor              # monitor | ask | protect
  never: []                  # never isolated: MAC, address or name; router, DNS, broker and Home Assistant are found by themselves
  max_isolated: 3
  release_after: 4h
  # backends:                # what shuts a device off: see docs/guides/isolation.md
  #   - { type: nftables, family: inet }     # Lanwarden runs on the router

# matter:                    # Apple Home, Google Home, Alexa; "lanwarden matter" shows the code
#   enabled: true

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
