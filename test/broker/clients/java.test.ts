import { agrees } from './agree.js';

await agrees('java');
