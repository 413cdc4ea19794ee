import type { SignInTexts } from './texts.ts'

export const es: SignInTexts = {
  login: {
    title: 'Iniciar sesión',
    lead: (tenant) => `Con su cuenta de ${tenant}.`,
    username: 'Nombre de usuario',
    password: 'Contraseña',
    remember: 'Mantener la sesión en este dispositivo',
    submit: 'Iniciar sesión',
    forgot: '¿Ha olvidado su contraseña?',
    refused:
      'El nombre de usuario y la contraseña no coinciden, o esta cuenta no puede iniciar sesión por ahora. Compruebe ambos, o espere un poco después de varios intentos.',
  },
  welcome: {
    title: 'Ha iniciado sesión',
    lead: (name, alias) => `Como ${name} (${alias}).`,
    change: 'Cambiar la contraseña',
    signOut: 'Cerrar sesión',
    reference: 'Referencia de la API',
  },
  signOut: {
    title: '¿Cerrar sesión?',
    lead: (name) => `En este navegador hay una sesión de ${name}.`,
    submit: 'Cerrar sesión',
    stay: 'Mantener la sesión',
    doneTitle: 'Ha cerrado la sesión',
    doneLead: 'En este navegador. Las aplicaciones ya abiertas pueden conservar su propia sesión durante un tiempo.',
    again: 'Iniciar sesión de nuevo',
  },
  forgot: {
    title: 'Restablecer la contraseña',
    lead: 'Díganos quién es y enviaremos un enlace a la dirección de correo registrada.',
    submit: 'Enviar el enlace',
    back: 'Volver al inicio de sesión',
    sentTitle: 'Mire su correo',
    sent: (alias) => `Si ${alias} tiene una cuenta con dirección de correo, un enlace está en camino.`,
    sentHint:
      'Sirve una vez y durante 15 minutos. ¿No llega? Mire en el correo no deseado, o pregunte a su administrador.',
  },
  reset: {
    title: 'Elegir una contraseña nueva',
    lead: 'Se cerrarán todas sus sesiones y tendrá que iniciar sesión con ella.',
    newPassword: 'Contraseña nueva',
    repeat: 'Contraseña nueva, otra vez',
    rule: 'Al menos 12 caracteres. Unas cuantas palabras seguidas son fáciles de recordar y difíciles de adivinar.',
    submit: 'Guardar la contraseña',
    usedTitle: 'Este enlace ya no sirve',
    used: 'Ya se ha usado, se envió otro más reciente, o ha caducado.',
    again: 'Enviar un enlace nuevo',
    done: 'Su contraseña nueva está guardada. Inicie sesión con ella.',
  },
  change: {
    title: 'Cambiar la contraseña',
    lead: 'Se cerrará la sesión en otros navegadores y aplicaciones. En este continúa.',
    current: 'Contraseña actual',
    submit: 'Cambiar la contraseña',
    wrong: 'Esta no es su contraseña actual. Después de varios intentos, espere un poco.',
    back: 'Volver',
    done: 'Su contraseña ha cambiado. Las demás sesiones están cerradas.',
  },
  objections: {
    too_short: 'Demasiado corta: use al menos 12 caracteres.',
    too_long: 'Demasiado larga: use como máximo 1024 bytes.',
    too_common: 'Demasiado fácil de adivinar: mucha gente usa esta u otra parecida.',
    names_you: 'Demasiado fácil de adivinar: contiene su nombre de usuario o el nombre de su organización.',
    differs: 'Las dos contraseñas nuevas son distintas.',
    same: 'Esta es su contraseña actual. Elija otra.',
  },
  errors: {
    stale: 'Esta página es demasiado antigua',
    staleHint: 'Se abrió en otro navegador, o las cookies están bloqueadas. Ábrala de nuevo y repita el paso.',
    malformed: 'No se ha podido leer este formulario',
    malformedHint: 'Abra la página de nuevo y repita el paso.',
    tooMany: 'Demasiados intentos',
    tooManyHint: (seconds) =>
      `Desde su red han fallado demasiados intentos. Inténtelo de nuevo dentro de ${seconds} segundos.`,
    busy: 'Mucha actividad en este momento',
    busyHint:
      'Muchas personas están iniciando sesión. No se ha comprobado su contraseña. Inténtelo de nuevo en unos segundos.',
    network: 'No desde esta red',
    networkHint: 'Su organización solo permite iniciar sesión desde ciertas redes, y la suya no es una de ellas.',
    internal: 'Algo ha fallado aquí',
    internalHint: 'No es culpa suya. Si se repite, dé este número a su administrador:',
    unavailable: 'No disponible por el momento',
    unavailableHint: 'La base de datos no responde. No se ha cambiado nada. Inténtelo de nuevo en un momento.',
    trackingId: 'Número de seguimiento',
    retry: 'Intentar de nuevo',
  },
  mail: {
    resetSubject: (tenant) => `Restablecer su contraseña de ${tenant}`,
    reset: ({ name, tenant, link, minutes }) => `Hola, ${name}:

Alguien ha pedido restablecer la contraseña de su cuenta de ${tenant}. Si ha sido usted, abra este enlace:

${link}

Sirve una vez y durante ${minutes} minutos. Si no ha sido usted, no tiene que hacer nada: su contraseña no cambia.
`,
    inviteSubject: (tenant) => `Su cuenta de ${tenant}`,
    invite: ({ name, alias, tenant, link, hours }) => `Hola, ${name}:

Tiene una cuenta en ${tenant}. Elija aquí una contraseña para ella:

${link}

El enlace sirve una vez y durante ${hours} horas. Después, inicie sesión como ${alias}.
`,
    lockedSubject: (tenant) => `El inicio de sesión en su cuenta de ${tenant} está en pausa`,
    locked: ({ name, tenant, network, until }) => `Hola, ${name}:

Se ha intentado varias veces iniciar sesión en su cuenta de ${tenant} con una contraseña incorrecta, la última desde ${network}.
El inicio de sesión está en pausa hasta ${until}.

Si ha sido usted, espere hasta entonces. Si no, avise a su administrador.
`,
    passwordSubject: (tenant) => `Se ha cambiado la contraseña de su cuenta de ${tenant}`,
    passwordChanged: ({ name, tenant, at }) => `Hola, ${name}:

La contraseña de su cuenta de ${tenant} se cambió el ${at}. Se ha cerrado la sesión en los navegadores y las aplicaciones
que usaban la anterior.

Si ha sido usted, o su administrador por usted, no tiene que hacer nada. Si no, avise de inmediato a su administrador.
`,
  },
}
