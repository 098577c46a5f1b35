/** Host names of devices' makers, networks, updates, tunnels and protection. A line as in names-people.ts. */
export const THING_NAMES: readonly (readonly [app: string, category: string, suffixes: string])[] = [
  // Cloud
  ["Arduino", "Cloud", "arduino.cc"],
  [
    "AWS_Kinesis",
    "Cloud",
    "kinesis.us-east-1.amazonaws.com kinesis.us-west-2.amazonaws.com kinesis.eu-west-1.amazonaws.com kinesis.ap-southeast-1.amazonaws.com",
  ],
  ["ProtonDrive", "Cloud", "drive.proton.me drive-api.proton.me"],
  ["ProtonPass", "Cloud", "pass.proton.me pass-api.proton.me"],
  ["RaspberryPi", "Cloud", "raspberrypi.com raspberrypi.org"],
  // Cybersecurity
  [
    "Cybersec",
    "Cybersecurity",
    "fortinet.com fortinet.net fortiguard.com fortigate.com sophos.com sophosxl.net bitdefender.net bitdefender.com kaspersky.com kaspersky-labs.com kaspersky.ru mcafee.com symantec.com norton.com f-secure.com withsecure.com avira.com pandasecurity.com malwarebytes.com mbamupdates.com trendmicro.com eset.com eset.eu eset.systems eset.sk esetsoftware.com e5.sk bullguard.com paloaltonetworks.com crowdstrike.com checkpoint.com darktrace.com rapid7.com barracuda.com sonicwall.com rsa.com spamhaus.org surbl.org spamcop.net rspamd.com abuse.ch cleanbrowsing.org sentinelone.net sentinelone.com virustotal.com shodan.io censys.io gdata.de drweb.com comodo.com clamav.net webroot.com zscaler.net zscaler.com avast.com avcdn.net avg.com",
  ],
  // Database
  ["ClickHouse", "Database", "clickhouse.com clickhouse.cloud"],
  // IoT-Scada
  ["ADT", "IoT-Scada", "adt.com"],
  ["Amcrest", "IoT-Scada", "amcrest.com amcrestcloud.com"],

  ["Blynk", "IoT-Scada", "blynk.io blynk.cloud"],

  ["Daikin", "IoT-Scada", "daikin.com daikineurope.com onecta.daikineurope.com"],

  ["EasyEE", "IoT-Scada", "easee.com"],

  ["ESPHome", "IoT-Scada", "esphome.io"],
  ["Espressif", "IoT-Scada", "espressif.com"],
  ["Ezviz", "IoT-Scada", "ezviz.com"],
  ["Fibaro", "IoT-Scada", "fibaro.com"],
  ["Foscam", "IoT-Scada", "myfoscam.com foscam.com"],

  ["Furbo", "IoT-Scada", "furbo.com"],
  ["Gardena", "IoT-Scada", "gardena.com husqvarnagroup.net"],

  ["Gree", "IoT-Scada", "gree.com"],

  ["HomeConnect", "IoT-Scada", "home-connect.cn"],
  ["Homematic", "IoT-Scada", "homematic.com homematic-ip.com"],
  ["Homey", "IoT-Scada", "homey.app athom.com"],
  ["Honeywell", "IoT-Scada", "honeywell.com honeywellhome.com resideo.com alarmnet.com"],
  ["Hubitat", "IoT-Scada", "hubitat.com"],
  ["Husqvarna", "IoT-Scada", "husqvarna.com"],
  ["Hyundai", "IoT-Scada", "hyundai.com"],
  ["IFTTT", "IoT-Scada", "ifttt.com"],

  ["Lorex", "IoT-Scada", "lorex.com"],
  ["Loxone", "IoT-Scada", "loxone.com loxonecloud.com"],
  ["Mercedes", "IoT-Scada", "mercedes-benz.com"],
  ["Midea", "IoT-Scada", "midea.com appsmb.com"],

  ["Mitsubishi", "IoT-Scada", "melcloud.com"],
  ["Nanit", "IoT-Scada", "nanit.com"],

  ["Nibe", "IoT-Scada", "nibeuplink.com myuplink.com"],

  ["OpenHAB", "IoT-Scada", "openhab.org myopenhab.org"],
  ["Oura", "IoT-Scada", "ouraring.com"],
  ["Owlet", "IoT-Scada", "owletdata.com owletcare.com"],
  ["Particle", "IoT-Scada", "particle.io"],
  ["Rachio", "IoT-Scada", "rach.io rachio.com"],
  ["Renault", "IoT-Scada", "renault.com"],
  ["Sense", "IoT-Scada", "sense.com"],

  ["SleepNumber", "IoT-Scada", "sleepiq.sleepnumber.com sleepnumber.com"],

  ["Swann", "IoT-Scada", "swann.com swannsecurity.com"],

  ["ThingSpeak", "IoT-Scada", "thingspeak.com"],
  ["Toyota", "IoT-Scada", "toyota.com toyotaconnectedservices.com"],
  ["Uniview", "IoT-Scada", "uniview.com star4live.com"],
  ["Vaillant", "IoT-Scada", "vaillant.com vaillant-group.com"],
  ["Velux", "IoT-Scada", "velux-active.com velux.com"],

  ["Viessmann", "IoT-Scada", "viessmann.com viessmann-climatesolutions.com"],
  ["Volkswagen", "IoT-Scada", "vwgroup.io volkswagen.com"],
  ["Volvo", "IoT-Scada", "volvocars.com"],
  ["Wallbox", "IoT-Scada", "wallbox.com"],
  ["Whirlpool", "IoT-Scada", "whirlpool.com"],
  ["Worx", "IoT-Scada", "worxlandroid.com"],
  ["XMEye", "IoT-Scada", "xmeye.net secu100.net"],

  ["Yeelight", "IoT-Scada", "yeelight.com"],
  ["YiHome", "IoT-Scada", "xiaoyi.com yitechnology.com"],
  // Network
  ["AdGuard", "Network", "adguard.com adtidy.org agrd.io"],
  ["Aruba", "Network", "arubanetworks.com"],
  ["ASUS", "Network", "asus.com asuscomm.com"],
  ["Cisco", "Network", "cisco.com"],
  ["DLink", "Network", "dlink.com mydlink.com"],
  ["DuckDNS", "Network", "duckdns.org"],
  ["DynDNS", "Network", "dyndns.org dyn.com"],
  ["EAQ", "Network", "brasilbandalarga.com.br eaqbr.com.br"],
  ["Linksys", "Network", "linksys.com linksyssmartwifi.com"],
  ["MerakiCloud", "Network", "meraki.com network-auth.com"],
  ["MikroTik", "Network", "mikrotik.com mynetname.net"],
  ["Netgear", "Network", "netgear.com netgearcloud.com"],
  ["NoIP", "Network", "no-ip.com ddns.net"],
  [
    "OCSP",
    "Network",
    "ocsp.digicert.com ocsp.apple.com ocsp2.apple.com ocsp.pki.goog ocsp.sectigo.com ocsp.godaddy.com ocsp.msocsp.com ocsp.entrust.net ocsp.globalsign.com ocsp.verisign.com o.lencr.org r3.o.lencr.org e1.o.lencr.org",
  ],
  ["PiHole", "Network", "pi-hole.net"],
  ["TeslaServices", "Network", "digitalassets.tesla.com tesla.services"],
  ["Zyxel", "Network", "zyxel.com"],
  // RemoteAccess

  ["ConnectWise", "RemoteAccess", "screenconnect.com connectwise.com"],
  ["DWService", "RemoteAccess", "dwservice.net"],
  ["ngrok", "RemoteAccess", "ngrok.io ngrok.com ngrok.app ngrok-free.app"],
  // SoftwareUpdate
  ["Alpine", "SoftwareUpdate", "alpinelinux.org"],
  ["Crates", "SoftwareUpdate", "crates.io"],
  ["FDroid", "SoftwareUpdate", "f-droid.org"],
  ["Flathub", "SoftwareUpdate", "flathub.org"],
  ["FreeBSD", "SoftwareUpdate", "freebsd.org"],
  ["Homebrew", "SoftwareUpdate", "brew.sh"],
  ["OpenSUSE", "SoftwareUpdate", "opensuse.org"],
  ["OpenWrt", "SoftwareUpdate", "openwrt.org"],
  ["PyPI", "SoftwareUpdate", "pypi.org pythonhosted.org"],
  ["RedHat", "SoftwareUpdate", "redhat.com"],
  ["Snapcraft", "SoftwareUpdate", "snapcraft-content.com"],
  // System
  ["Brother", "System", "brother.com"],
  ["Lexmark", "System", "lexmark.com"],
  ["Tracker_NTPPool", "System", "ntppool.org"],
  ["Xerox", "System", "xerox.com"],
  // VPN
  ["AirVPN", "VPN", "airvpn.org"],
  ["AtlasVPN", "VPN", "atlasvpn.com"],
  ["Betternet", "VPN", "betternet.co"],
  ["CactusVPN", "VPN", "cactusvpn.com cactusdb.net cactussstp.com"],
  ["Freenet", "VPN", "freenetproject.org"],
  ["GearUP_Booster", "VPN", "gearupportal.com"],
  ["HideMyAss", "VPN", "hidemyass.com hmageo.com"],
  ["Hola", "VPN", "hola.org"],
  ["I2P", "VPN", "geti2p.net"],
  ["IVPN", "VPN", "ivpn.net"],
  ["LagoFast", "VPN", "lagofast.com 6fast.com"],
  ["libp2p", "VPN", "bootstrap.libp2p.io ipfs.io"],
  ["Nebula", "VPN", "defined.net"],
  ["Netbird", "VPN", "netbird.io"],
  ["Softether", "VPN", "softether.org softether.net softether-network.net"],
  ["TurboVPN", "VPN", "turbovpn.com"],
  ["Twingate", "VPN", "twingate.com"],
  ["VPNUnlimited", "VPN", "vpnunlimitedapp.com"],
  ["VyprVPN", "VPN", "vyprvpn.com goldenfrog.com"],
];
