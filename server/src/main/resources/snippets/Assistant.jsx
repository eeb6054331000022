// Once in your layout: <Assistant />. React 19 or newer.
export function Assistant() {
  return (
    <>
      <script src="https://keys.example.com/assistant/v1.js" async />
      <keyrack-assistant api-key="YOUR-KEY" />
    </>
  );
}
