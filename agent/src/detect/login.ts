import type { LoginEvent } from "../dissect/event.ts";

/** "http-basic" and "http-form" are both "http" to a person and in incidents. */
export const serviceOf = (login: LoginEvent): string => login.service.split("-")[0] ?? login.service;

const NAMES: Readonly<Record<string, string>> = {
  http: "web page",
  telnet: "Telnet",
  ftp: "FTP",
  ssh: "SSH",
  rtsp: "video stream (RTSP)",
  smtp: "outgoing mail (SMTP)",
  pop3: "mail (POP3)",
  imap: "mail (IMAP)",
  mqtt: "MQTT",
  snmp: "SNMP",
  socks: "SOCKS proxy",
  redis: "Redis",
  vnc: "screen sharing (VNC)",
  rfb: "screen sharing (VNC)",
  adb: "Android debugging (ADB)",
  smb: "file shares (SMB)",
  rdp: "remote desktop (RDP)",
};

/** Name of a service for people. */
export const serviceName = (service: string): string => NAMES[service] ?? service.toUpperCase();
