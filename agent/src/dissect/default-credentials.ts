/**
 * Factory logins of home devices: user name, then its passwords, separated by blanks. Routers, cameras, recorders, storage, printers, hubs and
 * power strips; the list that Mirai and its heirs try; and what vendors print in their manuals. An empty password stands as `""`.
 */
const FACTORY: readonly (readonly [user: string, passwords: string])[] = [
  [
    "root",
    `"" root admin admin1 admin123 toor pass password passwd default 1234 12345 123456 1234567890 1111 111111 54321 666666 888888 00000000
     xc3511 vizxv xmhdipc juantech anko dreambox user realtek system ikwb ikwd hi3518 jvbzd klv123 klv1234 Zte521 zlxx. zlxx 7ujMko0vizxv
     7ujMko0admin cat1029 tsgoingon GM8182 2011vsta wbox123 oelinux123 hipc3518 h3c Serv4EMC tl789 t0talc0ntr0l4! jauntech ascend
     iDirect calvin ubnt openwrt openelec libreelec raspberry alpine dietpi linux libre changeme camera ipcam ipcam_rt5350 hunt5759
     cxlinux ahetzip8 5up iwkb gpon Pon521 abc123 qwerty super antslq aquario 1001chin fidel123 leostream davox palosanto nas4free
     freenas asustor merlin synopass synology nosoup4u rootme arthroot hg2x0 mg3500 solokey swsbzkgn adminpass vertex25ektks123
     telnet zsun1188 Win1doW$ gmvip2018 LSiuY7pOmZG2s grouter blender bananapi orangepi odroid opipc 3ep5w2u
     maxided annie2012 annie2013 annie2014 annie2015 annie2016 cisco Cisco ehostname zyad1234 zyxel Admin service`,
  ],
  [
    "admin",
    `"" admin Admin admin1 admin12 admin123 admin1234 admin12345 password Password password1 pass passwd default 1234 12345 123456 1234567
     12345678 123456789 1234567890 1111 111111 1111111 11111111 4321 54321 0000 000000 00000000 9999 666666 888888 smcadmin meinsm
     7ujMko0admin pfsense ubnt motorola michelangelo epicrouter conexant linksys netgear netgear1 dlink airlive atlantis comcast
     cableroot changeme changeme2 symbol tlJwpbo6 switch setup public private secure system support hp hpinvent JETDIRECT
     QNAP qnap synology nas infrant1 infrant storage mydlink jvc meinsma pass1234 avocent extendnet my_DEMARC NetCache
     sysadmin telus telus00 ZmqVfoSIP zoomadsl x-admin ZXDSL zhone gvt12345 utstar adslroot adsl isee isee2 BRIDGE
     netadmin telecom telecomadmin tsunami 1988 3ware aaaaaa abc123 adminpass wbox instar camera ipcam tlwpa4220
     tp-link xad$l#12 cat1029 P@55w0rd! Symbol vodafone orange movistar AitbISP4eCiG kont2004 9964 ehome fliradmin
     GSC$monitor ho4uku6at inspiron leviton mediasonic merlin meraki miosoft noway raritan rmnetlm root sanfran service
     superuser wago w2402 welcome xscale TANDBERG 2222 22222 7777 OCS articon diamond draadloos enter gemteks hello
     imsa7.0 lantronix microbusiness mu NULL patrol peribit plantoplace radius rainbow readwrite
     speedxess tegile asante access surt`,
  ],
  [
    "administrator",
    `"" 1234 12345 admin administrator password Administrator 3ware 19750407 changeme meinsm asecret PlsChgMe`,
  ],
  ["admin1", "password admin1"],
  ["admin2", "changeme"],
  ["user", `"" user user1 1234 12345 123456 password pass public default tivonpw digital zyx0904`],
  ["user1", "user1 pass"],
  ["guest", `"" guest 12345 123456 1234 password welcome friend User xc3511`],
  ["support", "support 1234 123456 admin h179350 password support123"],
  ["supervisor", `"" supervisor visor zyad1234 password`],
  ["service", `"" service smile password 1234 ipdongle`],
  ["operator", `"" operator 1234 1111 password default mercury $chwarzepumpe`],
  ["installer", "installer 1000 1234 i2t3s"],
  ["tech", `"" tech field nician ANYCOM`],
  ["technician", "yZgO8Bvj technician"],
  ["super", "super surt forgot sp-admin juniper123 5777364 planet"],
  ["superadmin", "secret superadmin Is$uper@dmin"],
  ["superuser", `"" superuser admin 123456 asante`],
  ["sysadmin", "sysadmin password PASS Anna sysadm"],
  ["default", `"" default OxhlwSG8 S2fGqNFs tlJwpbo6 lJwpbo6 antslq password video WLAN_AP 1cDuLJ7c`],
  ["mother", "fucker"],
  ["daemon", `"" daemon`],
  ["bin", `"" bin`],
  ["ubnt", "ubnt"],
  ["ubuntu", "ubuntu"],
  ["pi", "raspberry raspberrypi pi"],
  ["volumio", "volumio"],
  ["osmc", "osmc"],
  ["mpd", "mpd"],
  ["openhabian", "openhabian"],
  ["homeassistant", "homeassistant"],
  ["mqtt", "mqtt password mqtt123"],
  ["mosquitto", "mosquitto"],
  ["shelly", "shelly"],
  ["tasmota", "tasmota"],
  ["cisco", `"" cisco Cisco`],
  ["enable", `"" cisco system`],
  ["pnadmin", "pnadmin"],
  ["netgear", "netgear password"],
  ["linksys", "linksys admin"],
  ["netman", `"" netman`],
  ["d-link", "d-link dlink"],
  ["tp-link", "tp-link"],
  ["zyfwp", "PrOw!aN_fXp"],
  ["zyuser", "1234"],
  ["telnetadmin", "telnetadmin"],
  ["telecomadmin", "admintelecom nE7jA%5m"],
  ["telekom", "telekom"],
  ["e8ehome", "e8ehome"],
  ["e8telnet", "e8telnet"],
  ["cusadmin", "highspeed password"],
  ["vodafone", "vodafone"],
  ["on", "on"],
  ["bbsd-client", `"" changeme2 NULL`],
  ["adsl", "adsl1234"],
  ["ftp", `"" ftp video ftpuser`],
  ["ftpuser", "ftpuser asteriskftp password"],
  ["hikvision", "hikvision"],
  ["666666", "666666"],
  ["888888", "888888"],
  ["dahua", "dahua"],
  ["dvr", "dvr 1234"],
  ["camera", "camera"],
  ["ipcam", "ipcam"],
  ["viewer", "viewer"],
  ["live", "live"],
  ["stream", "stream"],
  ["vstarcam2015", "20150602"],
  ["nas", "nas"],
  ["qnap", "qnap"],
  ["synology", "synology"],
  ["xerox", "xerox"],
  ["epson", "epson"],
  ["epsonweb", "sysadm"],
  ["ricoh", "password"],
  ["7654321", "7654321"],
  ["1234", "1234"],
  ["12345", "12345"],
  ["wlsedb", "wlsepassword"],
  ["wlseuser", "wlseuser wlsepassword"],
  ["hscroot", "abc123"],
  ["lp", "lp"],
  ["manager", `"" manager friend admin !manage changeme`],
  ["monitor", "monitor !monitor"],
  ["webadmin", "webadmin 1234"],
  ["login", "admin 0000 access password login"],
  ["test", "test 12345 test123"],
  ["oracle", "oracle"],
  ["postgres", `"" postgres`],
  ["mysql", `"" mysql`],
  ["nagios", "nagios"],
  ["tomcat", "tomcat s3cret"],
  ["plcmspip", "plcmspip"],
  ["polycom", "456 polycom SpIp"],
  ["spa", "spa"],
  ["fritz", "fritz"],
  ["wap", "wap"],
  ["vyos", "vyos"],
  ["vyatta", "vyatta"],
  ["nanobeam", "ubnt"],
  ["mikrotik", "mikrotik"],
  ["rapport", "r@p8p0r+"],
  ["device", "apc device"],
  ["apc", "apc"],
  ["readonly", "apc readonly"],
  ["liebert", "liebert"],
  ["dasusr1", "dasusr1"],
  ["hydrasna", "hydrasna"],
];

/** Passwords that services without user names ship with (SNMP communities, VNC, Redis, telnet to a switch). */
const PASSWORD_ONLY: ReadonlySet<string> = new Set(
  `admin Admin root password Password pass default 1234 12345 123456 12345678 0000 000000 1111 111111 888888 666666 54321 public private
   community snmp cisco Cisco system smcadmin ubnt raspberry raspberrypi xc3511 vizxv realtek changeme letmein access switch symbol vnc
   VNC foobared foobar redis qwerty epicrouter conexant hp netgear netgear1 synology qnap zyad1234 tsunami jvc 3com`.split(
    /\s+/,
  ),
);

const BY_USER: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  FACTORY.map(([user, list]) => [
    user,
    new Set(list.split(/\s+/).map((password) => (password === '""' ? "" : password))),
  ]),
);

/**
 * True if the pair is a factory login of some home device. Web pages and shells differ on the case of user names, so it is ignored there;
 * passwords count as printed in the manual, except that a password equal to the user name counts in any case ("admin:Admin").
 * With an empty user the password alone is judged (SNMP, VNC, Redis); empty with empty is "no authentication", not a default: false.
 * The password is looked at and forgotten: callers keep this answer, never the password.
 */
export function isDefaultCredential(user: string, password: string): boolean {
  const name = user.trim().toLowerCase();
  if (name === "") return PASSWORD_ONLY.has(password);
  const passwords = BY_USER.get(name);
  if (passwords === undefined) return false;
  return passwords.has(password) || (password.toLowerCase() === name && passwords.has(name));
}
