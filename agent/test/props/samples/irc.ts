import { dialogue, type Message } from "../stream-drive.ts";

export const bot: readonly string[] = [
  "> NICK [LNX|MIPS]34261\r\nUSER [LNX|MIPS]34261 localhost localhost :[LNX|MIPS]34261\r\n",
  "< :irc 001 [LNX|MIPS]34261 :hi\r\n",
  "> JOIN #kt key\r\n",
  "< :[LNX|MIPS]34261!u@h JOIN :#kt\r\n:irc 332 [LNX|MIPS]34261 #kt :!* SCANNER ON\r\n",
  "< PING :irc\r\n",
  "> PONG :irc\r\n",
  "< :boss!u@h PRIVMSG #kt :!* UDP 192.0.2.1 80 60\r\n",
];
export const person: readonly string[] = [
  "> PASS letmein\r\nNICK max\r\nUSER max 0 * :Max\r\n",
  "< :irc.example 464 max :Password incorrect\r\n",
  "< :eve!u@h PRIVMSG max :hello, how are you?\r\n",
];
export const samples: Message[][] = [dialogue(...bot), dialogue(...person)];
