import { dialogue, type Message } from "../stream-drive.ts";

export const startTls: Message[] = dialogue(
  "> <?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
  "< <stream:stream from='example.org' xmlns='jabber:client'><stream:features><starttls/></stream:features>",
  "> <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  "< <<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
);

export const samples: Message[][] = [startTls.slice(0, 3)];
