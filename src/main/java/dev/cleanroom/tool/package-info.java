/**
 * The tools that touch the workspace: one class each, its schema and description beside it as a JSON resource. A tool
 * answers with a value also when it fails, because the model can react to that; only an interrupt and a broken sandbox
 * leave it as exceptions. A tool that has an effect says so through {@link dev.cleanroom.tool.ToolContext#begin} before it
 * has it, so that the effect happens once even if the server dies in the middle. Start at {@link dev.cleanroom.tool.Tool}.
 */
package dev.cleanroom.tool;
