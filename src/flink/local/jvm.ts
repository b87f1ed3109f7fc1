import { join } from 'node:path';

const EXPORTED = ['java.base/sun.net.util', 'java.rmi/sun.rmi.registry', 'java.security.jgss/sun.security.krb5'];
const OPENED = [
  'java.lang',
  'java.net',
  'java.io',
  'java.nio',
  'sun.nio.ch',
  'java.lang.reflect',
  'java.text',
  'java.time',
  'java.util',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'java.util.concurrent.locks',
];

/** What Flink's own start scripts open to it. */
const FLINK_JVM = [
  ...EXPORTED.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
  ...OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  '-XX:+IgnoreUnrecognizedVMOptions',
];

const logging = (folder: string): string => `-Dlog4j2.configurationFile=${join(folder, 'conf', 'log4j.properties')}`;

/** The two that only coordinate live on little, start sooner with the simple compiler, and are worth nothing without memory. */
export function coordinatorJvm(folder: string, heapMb: number): readonly string[] {
  const quick = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  return ['-Xms64m', `-Xmx${heapMb}m`, '-XX:+ExitOnOutOfMemoryError', ...quick, ...FLINK_JVM, logging(folder)];
}

/** As Flink bounds a TaskManager: 256 MB for classes. Where a function takes all memory, its job fails, and not the others. */
export function taskManagerJvm(folder: string, heapMb: number): readonly string[] {
  const bounds = [`-Xmx${heapMb}m`, '-XX:MaxDirectMemorySize=256m', '-XX:MaxMetaspaceSize=256m', '-XX:+UseParallelGC'];
  return ['-Xms128m', ...bounds, ...FLINK_JVM, logging(folder)];
}

/** Without Flink's shell scripts a TaskManager wants every part of its memory named. */
export function taskManagerArguments(folder: string, id: string, heapMb: number, slots: number): readonly string[] {
  const sizes: Record<string, string | number> = {
    'taskmanager.resource-id': id,
    'taskmanager.cpu.cores': slots,
    'taskmanager.memory.task.heap.size': `${heapMb - 128}mb`,
    'taskmanager.memory.framework.heap.size': '128mb',
    'taskmanager.memory.task.off-heap.size': 0,
    'taskmanager.memory.framework.off-heap.size': '128mb',
    'taskmanager.memory.network.min': '64mb',
    'taskmanager.memory.network.max': '64mb',
    'taskmanager.memory.managed.size': `${slots * 32}mb`,
    'taskmanager.memory.jvm-metaspace.size': '256mb',
    'taskmanager.memory.jvm-overhead.min': '192mb',
    'taskmanager.memory.jvm-overhead.max': '192mb',
  };
  const named = Object.entries(sizes).flatMap(([key, value]) => ['-D', `${key}=${value}`]);
  return ['--configDir', join(folder, 'conf'), ...named];
}

export function kafkaJvm(folder: string, heapMb: number): readonly string[] {
  return [`-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true', logging(folder)];
}
