import { agrees } from './agree.js';

await agrees('platformatic');
