import type { AuthorizeTexts } from './texts.ts'

export const es: AuthorizeTexts = {
  refusal: {
    title: 'Este inicio de sesión no puede continuar',
    reasons: {
      'request.unreadable':
        'La solicitud no se puede leer. Envíe cada parámetro una sola vez, codificado con porcentajes en UTF-8.',
      'client_id.missing': 'La solicitud no dice de qué aplicación viene: falta client_id.',
      'client_id.repeated': 'La solicitud nombra su aplicación dos veces: envíe client_id una sola vez.',
      'client_id.is_token':
        'Este client_id parece el de un token de acceso personal. Un token así no necesita inicio de sesión: cambie su id y su secreto en el punto de tokens con grant_type=client_credentials.',
      'client_id.is_legacy':
        'Este client_id parece el de un cliente de API antiguo. Aquí no existen: un administrador crea un cliente en la gestión de API, cuyo id es un UUID con guiones.',
      'client_id.is_command_line':
        'Los clientes de las herramientas de línea de comandos no están activados aquí. Un administrador puede hacerlo: settings.compat.cliClients en el archivo del inquilino.',
      'client_id.malformed':
        'Este client_id no es el id de un cliente: son UUID con guiones. ¿Se envió su nombre en su lugar?',
      'client.unknown': 'Aquí no hay ninguna aplicación con este client_id en la que se pueda iniciar sesión.',
      'redirect_uri.missing': 'La solicitud no dice adónde va la respuesta: falta redirect_uri.',
      'redirect_uri.repeated': 'La solicitud dice dos veces adónde va la respuesta: envíe redirect_uri una sola vez.',
      'redirect_uri.unregistered':
        'La aplicación pide la respuesta en una dirección que no está registrada para ella. Cada carácter cuenta: el esquema, el puerto, una barra al final.',
      'interaction.invalid': 'Este enlace está incompleto o alterado. Vuelva a la aplicación y empiece de nuevo.',
      'interaction.expired': 'Esto tardó más de diez minutos. Vuelva a la aplicación y empiece de nuevo.',
      'interaction.foreign':
        'Este inicio de sesión se empezó en otro navegador, o este no guarda cookies. Vuelva a la aplicación y empiece de nuevo.',
      'interaction.completed': 'Este inicio de sesión ya está completado. Puede cerrar esta página.',
      'form.invalid': 'El formulario no se pudo aceptar. Vuelva a la aplicación y empiece de nuevo.',
      'paste.off': 'Aquí no hay nada.',
      'network.denied': 'Su red no es de las que esta organización permite.',
      'state.stale': 'La base de datos no responde. Inténtelo de nuevo en un momento.',
      unexpected: 'Algo falló por nuestra parte. Inténtelo de nuevo en un momento.',
    },
    sentClientId: 'client_id enviado',
    sentRedirectUri: 'redirect_uri enviado',
    askAdministrator:
      'Un administrador que haya iniciado sesión ve aquí la diferencia con lo registrado, y la encuentra en la auditoría.',
    differences: 'Comparado con lo registrado',
    trackingId: 'Número de seguimiento',
  },
  consent: {
    title: (client) => `¿Permitir que ${client} actúe por usted?`,
    signedInAs: 'Ha iniciado sesión como',
    mayDo: 'Podrá hacer',
    everything: 'todo lo que usted puede hacer',
    nothingParticular: 'nada en particular',
    goesTo: 'Su respuesta va a',
    thisComputer: 'un programa en este equipo',
    application: 'una aplicación en este dispositivo',
    pastePage: 'una página aquí, con un código para copiar en su línea de comandos',
    allow: 'Permitir',
    deny: 'Denegar',
    switchAccount: '¿No es usted? Usar otra cuenta',
  },
  paste: {
    title: 'Copie este código',
    copy: 'Péguelo en la línea de comandos que lo espera. Vale un minuto, una sola vez.',
    code: 'Código',
    confirmation: 'Confirmación',
    compare: 'Su línea de comandos debe mostrar lo mismo.',
    onlyYours: 'No lo pegue en ningún otro sitio, lo pida quien lo pida: inicia sesión como usted.',
    refusedTitle: 'No se dio ningún código',
    refused: 'La línea de comandos no fue autorizada. Puede cerrar esta página y empezar de nuevo allí.',
  },
}
