export {
  addLesson,
  checkByLessons,
  findLesson,
  mergeLessons,
  type NodeLesson,
  readLessons,
  searchLessons,
} from "./lessons.ts";
