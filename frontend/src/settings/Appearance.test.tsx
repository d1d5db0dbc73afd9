import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { preferences, setPreferences } from "../workbench/preferences";
import { Appearance } from "./Appearance";

test("a font size that nobody could read is refused in words, and stays what it was", () => {
  render(<Appearance />);
  const size = screen.getByLabelText("Font size");

  fireEvent.change(size, { target: { value: "999" } });

  expect(screen.getByRole("alert").textContent).toBe("Not kept: it goes from 8 to 40 pixels.");
  expect(preferences().editorFontSize).toBe(13);

  fireEvent.change(size, { target: { value: "40" } });

  expect(screen.queryByRole("alert")).toBeNull();
  expect(preferences().editorFontSize).toBe(40);
});

test("one that was stored otherwise is brought back", () => {
  setPreferences({ editorFontSize: 999 });
  expect(preferences().editorFontSize).toBe(40);
});
