import { agrees } from './agree.js';

await agrees('kafka-python');
