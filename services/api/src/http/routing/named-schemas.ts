import {
  chatRequestSchema,
  chatResponseSchema,
  conversationListSchema,
  conversationSchema,
  conversationSummarySchema,
  emptiedTrashSchema,
  meSchema,
  messageSchema,
  newLabelSchema,
  newTaskSchema,
  problemSchema,
  projectListSchema,
  projectPatchSchema,
  projectSchema,
  tagListSchema,
  tagPatchSchema,
  tagSchema,
  taskPageSchema,
  taskPatchSchema,
  taskSchema,
  trashedTaskSchema,
  trashPageSchema,
} from "@taskassistant/contracts";

/** The answer to a change that meets another version: the problem, and the task as it is now. */
export const versionConflictSchema = problemSchema.extend({ current: taskSchema });

/** Names in the OpenAPI document of schemas that clients send. */
export const INPUTS = {
  NewTask: newTaskSchema,
  TaskPatch: taskPatchSchema,
  NewLabel: newLabelSchema,
  ProjectPatch: projectPatchSchema,
  TagPatch: tagPatchSchema,
  ChatRequest: chatRequestSchema,
};
/** Names in the OpenAPI document of schemas that the API sends. */
export const OUTPUTS = {
  Problem: problemSchema,
  VersionConflict: versionConflictSchema,
  Task: taskSchema,
  TaskPage: taskPageSchema,
  TrashedTask: trashedTaskSchema,
  TrashPage: trashPageSchema,
  EmptiedTrash: emptiedTrashSchema,
  Project: projectSchema,
  ProjectList: projectListSchema,
  Tag: tagSchema,
  TagList: tagListSchema,
  ChatResponse: chatResponseSchema,
  Message: messageSchema,
  ConversationSummary: conversationSummarySchema,
  ConversationList: conversationListSchema,
  Conversation: conversationSchema,
  Me: meSchema,
};
