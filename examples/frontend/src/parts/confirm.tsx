// "Are you sure?" The browser's own dialogue keeps the focus inside, closes on Escape and gives the focus back.
import { useId, useLayoutEffect, useRef } from "react";

interface ConfirmProps {
  title: string;
  text: string;
  yes: string;
  no: string;
  confirmed: () => void;
  closed: () => void;
}

export function Confirm({ title, text, yes, no, confirmed, closed }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it still stands in the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`} onCancel={closed}>
      <h2 id={`${id}-title`}>{title}</h2>
      <p id={`${id}-text`}>{text}</p>
      <div className="actions">
        <button type="button" className="plain" onClick={closed} autoFocus>{no}</button>
        <button type="button" onClick={confirmed}>{yes}</button>
      </div>
    </dialog>
  );
}
