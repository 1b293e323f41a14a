/** Preloaded into a command (`node --import`): whoever connects to another machine than this one fails, by name. */
import { Socket } from 'node:net';

const LOOPBACK = /^(localhost|::1|127(\.\d{1,3}){3})$/;
const { connect } = Socket.prototype;

Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof first === 'object' ? (first.path ? 'localhost' : first.host) : args[1];
  if (typeof host === 'string' && !LOOPBACK.test(host)) throw new Error(`There is no network: ${host}`);
  return connect.apply(this, args);
};
