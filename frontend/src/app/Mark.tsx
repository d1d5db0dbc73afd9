/** Two rooms, a wall, the hatch. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path d="M12.5 7.2V2.5M12.5 17.5v-4.7" stroke="currentColor" strokeWidth="1.5" />
      <rect x="1.75" y="2" width="16.5" height="16" rx="2.2" stroke="currentColor" strokeWidth="1.5" />
      <rect x="10.5" y="8" width="4" height="4" rx=".8" fill="var(--agent-fill)" />
    </svg>
  );
}
